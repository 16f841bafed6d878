// The recorder of recorder.ts. It runs in the page before the page's own scripts, so it stands alone, as a script.
// It looks through what it heard only at the ends of lines: a byte costs next to nothing.
{
  let serial = '';
  let waiting = [];
  let times = null;

  const look = () => {
    if (waiting.length === 0) return;
    const atMs = performance.now();
    waiting = waiting.filter(({ text, from, resolve }) => {
      const at = serial.indexOf(text, from);
      if (at < 0) return true;
      resolve({ atMs, end: at + text.length });
      return false;
    });
  };

  const frame = () => {
    if (!times) return;
    times.push(performance.now());
    requestAnimationFrame(frame);
  };

  window.recorder = {
    get serial() {
      return serial;
    },
    hear(text) {
      serial += text;
      if (text.includes('\n')) look();
    },
    when(text, from = 0) {
      return new Promise((resolve) => {
        waiting.push({ text, from, resolve });
        look();
      });
    },
    watchFrames() {
      times = [];
      requestAnimationFrame(frame);
    },
    frames() {
      const all = times ?? [];
      times = null;
      return all.slice(1).map((at, i) => at - all[i]);
    },
  };

  // The product's machine speaks in events.
  addEventListener('vitrine-serial', (event) => window.recorder.hear(event.text));
}

// The recorder of recorder.ts. It runs in the page before the page's own scripts, so it stands alone, as a script.
{
  let serial = '';
  let waiting = [];
  let times = null;

  // Looks only where `added` characters are new: a byte costs next to nothing.
  const look = (added) => {
    if (waiting.length === 0) return;
    const atMs = performance.now();
    waiting = waiting.filter(({ text, from, resolve }) => {
      const at = serial.indexOf(text, Math.max(from, serial.length - added - text.length));
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
      look(text.length);
    },
    when(text, from = 0) {
      return new Promise((resolve) => {
        waiting.push({ text, from, resolve });
        look(serial.length);
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

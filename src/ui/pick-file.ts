/**
 * Lets the visitor pick one file; null when they change their mind. Must be called from a gesture.
 * `endings` narrow the dialog where a browser honours them (".iso").
 */
export function pickFile(endings: readonly string[]): Promise<File | null> {
  return new Promise((resolve) => {
    const input = document.createElement('input');
    input.type = 'file';
    input.accept = endings.join(',');
    input.addEventListener('change', () => resolve(input.files?.[0] ?? null), { once: true });
    input.addEventListener('cancel', () => resolve(null), { once: true });
    input.click();
  });
}

/** What is written under the picture. */
export interface PhotoLabel {
  readonly title: string;
  /** What is to be seen: several lines are kept as they are, long ones are broken. */
  readonly text: string;
  readonly date: string;
}

/** Where things lie on a photograph of a screen, in pixels of the photograph. */
export interface PhotoLayout {
  readonly width: number;
  /** Of the picture in its frame; the card is as high as its label asks for. */
  readonly picture: {
    readonly x: number;
    readonly y: number;
    readonly width: number;
    readonly height: number;
  };
  /** Each pixel of the guest is a square of so many of the photograph's. */
  readonly scale: number;
  readonly unit: number;
}

/** Wide enough to be printed on a postcard. */
const LEAST_WIDTH = 1280;

/** Whole scales only: the guest's pixels stay sharp. */
export function layoutPhoto(guestWidth: number, guestHeight: number): PhotoLayout {
  const scale = Math.max(1, Math.round(LEAST_WIDTH / guestWidth));
  const width = guestWidth * scale;
  const height = guestHeight * scale;
  const unit = Math.round(width / 40);
  return { width: width + 6 * unit, picture: { x: 3 * unit, y: 3 * unit, width, height }, scale, unit };
}

const SERIF = 'Georgia, "Noto Serif", serif';
const INK = '#20242a';
const SOFT = '#4d545d';

/** The guest's picture in its frame, on a paper card with a label, as PNG. `screenshot`: the guest's pixels. */
export async function composePhoto(screenshot: Blob, label: PhotoLabel): Promise<Blob> {
  const guest = await createImageBitmap(screenshot);
  const { width, picture, unit } = layoutPhoto(guest.width, guest.height);
  const measure = contextOf(new OffscreenCanvas(1, 1));
  const fonts = {
    title: `600 ${1.7 * unit}px ${SERIF}`,
    text: `${1.1 * unit}px ${SERIF}`,
    date: `italic ${unit}px ${SERIF}`,
  };
  const lines = [
    ...wrap(measure, label.title, fonts.title, picture.width).map((text) => ({
      text,
      font: fonts.title,
      colour: INK,
      height: 2.2 * unit,
    })),
    ...wrap(measure, label.text, fonts.text, picture.width).map((text) => ({
      text,
      font: fonts.text,
      colour: INK,
      height: 1.6 * unit,
    })),
    ...wrap(measure, label.date, fonts.date, picture.width).map((text) => ({
      text,
      font: fonts.date,
      colour: SOFT,
      height: 1.6 * unit,
    })),
  ];
  const top = picture.y + picture.height + 2.5 * unit;
  const height = Math.ceil(lines.reduce((sum, line) => sum + line.height, top) + 1.5 * unit);
  const canvas = new OffscreenCanvas(width, height);
  const context = contextOf(canvas);
  context.fillStyle = '#f6f3ea';
  context.fillRect(0, 0, width, height);
  context.fillStyle = '#17191c';
  context.fillRect(picture.x - unit, picture.y - unit, picture.width + 2 * unit, picture.height + 2 * unit);
  context.imageSmoothingEnabled = false;
  context.drawImage(guest, picture.x, picture.y, picture.width, picture.height);
  guest.close();
  context.textBaseline = 'top';
  let y = top;
  for (const line of lines) {
    context.font = line.font;
    context.fillStyle = line.colour;
    context.fillText(line.text, picture.x, y);
    y += line.height;
  }
  return canvas.convertToBlob({ type: 'image/png' });
}

function contextOf(canvas: OffscreenCanvas): OffscreenCanvasRenderingContext2D {
  const context = canvas.getContext('2d');
  if (!context) throw new Error('The browser gives no canvas to draw on.');
  return context;
}

/** Breaks at spaces; a word that is wider than the line is left to be cut off at the edge of the card. */
function wrap(
  context: OffscreenCanvasRenderingContext2D,
  text: string,
  font: string,
  width: number,
): string[] {
  context.font = font;
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .flatMap((line) => {
      const lines: string[] = [];
      for (const word of line.trim().split(/\s+/)) {
        const longer = lines.length > 0 ? `${lines[lines.length - 1]} ${word}` : word;
        if (lines.length > 0 && context.measureText(longer).width <= width) lines[lines.length - 1] = longer;
        else lines.push(word);
      }
      return lines;
    });
}

/** A name for the file that sorts by time and that every system takes. */
export function photoName(at: Date): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  const day = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  return `vitrine ${day} ${two(at.getHours())}.${two(at.getMinutes())}.${two(at.getSeconds())}.png`;
}

const PRINT_SHEET = `
  .vitrine-print { display: none; }
  @media print {
    html, body { height: auto; background: #fff; }
    body > :not(.vitrine-print) { display: none !important; }
    .vitrine-print { display: block; width: 100%; max-height: 100vh; object-fit: contain; }
  }
`;

/** Prints the photograph alone. Resolves when the browser's dialog is closed. */
export async function printPhoto(photo: Blob, alt: string): Promise<void> {
  const url = URL.createObjectURL(photo);
  // A constructed sheet: the page's policy refuses inline styles, and an embedding page has none of ours.
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(PRINT_SHEET);
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  const image = document.createElement('img');
  image.className = 'vitrine-print';
  image.src = url;
  image.alt = alt;
  document.body.append(image);
  try {
    await image.decode();
    print();
  } finally {
    image.remove();
    document.adoptedStyleSheets = document.adoptedStyleSheets.filter((each) => each !== sheet);
    URL.revokeObjectURL(url);
  }
}

export interface PictureFit {
  /** Size and place of the picture in its box, in CSS pixels, each on a whole device pixel. */
  width: number;
  height: number;
  left: number;
  top: number;
  /** True where one guest pixel is a whole number of device pixels: shown without smoothing. */
  sharp: boolean;
}

/** Below this part of the box an integer scale wastes more room than sharpness is worth. */
const WORTHWHILE_COVERAGE = 0.8;

/**
 * The largest picture of `guest` pixels in a box, its shape kept, centred (letterboxed). The scale is a whole
 * number of device pixels where that fills most of the box or where `preferSharp` asks for it.
 */
export function fitPicture(
  guest: { width: number; height: number },
  box: { width: number; height: number },
  devicePixelRatio: number,
  preferSharp = false,
): PictureFit {
  const boxWidth = box.width * devicePixelRatio;
  const boxHeight = box.height * devicePixelRatio;
  const free = Math.min(boxWidth / guest.width, boxHeight / guest.height);
  const whole = Math.floor(free);
  const sharp = whole >= 1 && (preferSharp || whole / free >= WORTHWHILE_COVERAGE);
  const scale = sharp ? whole : free;
  const width = Math.round(guest.width * scale);
  const height = Math.round(guest.height * scale);
  return {
    width: width / devicePixelRatio,
    height: height / devicePixelRatio,
    left: Math.floor((boxWidth - width) / 2) / devicePixelRatio,
    top: Math.floor((boxHeight - height) / 2) / devicePixelRatio,
    sharp,
  };
}

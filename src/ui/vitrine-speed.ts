import { css, html, nothing, unsafeCSS } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { t } from '../lib/language.ts';
import { VitrineElement } from './vitrine-element.ts';
import { theme } from './theme.ts';

/** Stands in a sentence where the counter goes. */
const COUNTER = '\u0000';
const LINE_PX = 20;
/** What is on each wheel from top to bottom: ten digits, and a blank for a leading nothing. */
const WHEEL = '0123456789 '.split('');

/**
 * How fast the processor is, on a counter of wheels. A wheel turns by moving a layer that is painted once: the figure
 * changes twice a second, and painting text anew waits behind the browser's compiler, which has the processors for
 * itself while it works on the engine (frames of 100 to 300 ms were measured). Screen readers get it as one sentence.
 */
@customElement('vitrine-speed')
export class VitrineSpeed extends VitrineElement {
  static override styles = [
    theme,
    css`
      :host {
        display: inline-block;
        line-height: ${LINE_PX}px;
        font-variant-numeric: tabular-nums;
        white-space: pre;
      }
      .place {
        display: inline-block;
        overflow: clip;
        height: ${LINE_PX}px;
        vertical-align: top;
      }
      .wheel {
        display: block;
        will-change: transform;
      }
      .wheel::before {
        content: '${unsafeCSS(WHEEL.join('\\a '))}';
      }
      ${unsafeCSS(
        WHEEL.map(
          (sign, at) => `.wheel[data-sign='${sign}'] { transform: translateY(${-at * LINE_PX}px); }`,
        ).join('\n'),
      )}
    `,
  ];

  /** Million instructions a second; less than half of one is a processor at rest. */
  @property({ type: Number }) mips = 0;

  override render() {
    const mips = Math.round(this.mips);
    if (mips === 0) return html`<span>${t`the processor rests`}</span>`;
    const [before, after] = t`${COUNTER} million instructions a second`.split(COUNTER);
    return html`<span role="img" aria-label=${t`${mips} million instructions a second`}
      >${before}${signsOf(mips).map(wheel)}${after ?? nothing}</span
    >`;
  }
}

/** A place for each digit and never less than three, so that the words beside them do not move. */
export function signsOf(value: number): string[] {
  return String(value).padStart(3, ' ').split('');
}

function wheel(sign: string) {
  return html`<span class="place"><span class="wheel" data-sign=${sign}></span></span>`;
}

declare global {
  interface HTMLElementTagNameMap {
    'vitrine-speed': VitrineSpeed;
  }
}

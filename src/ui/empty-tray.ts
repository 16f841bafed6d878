import { css, html } from 'lit';
import { t } from '../lib/language.ts';

export const emptyTrayStyle = css`
  .intro {
    font: 15px/1.5 var(--serif);
  }
  .guests {
    display: grid;
    gap: 6px;
    font: 14px/1.4 var(--sans);
  }
  .guests li {
    display: grid;
    grid-template-columns: 1.3em minmax(0, 1fr);
  }
  .mark {
    font-weight: 700;
  }
`;

/** What can be brought, for a visitor who brings nothing yet. */
export function emptyTray() {
  return html`
    <p class="intro">
      ${t`A personal computer of 2009, rebuilt in software: processor, memory, drives and screen run inside this page.`}
    </p>
    <section>
      <h2>${t`The tray is empty`}</h2>
      <ul class="guests">
        <li>
          <span class="mark" aria-hidden="true">✓</span>
          <span
            ><strong>${t`Windows 7, 32-bit`}</strong
            >${t`, your own disc: what this machine is made for.`}</span
          >
        </li>
        <li>
          <span class="mark" aria-hidden="true">≈</span>
          <span>${t`Vista, XP, 2000, 98, DOS, ReactOS or a 32-bit Linux may run.`}</span>
        </li>
        <li>
          <span class="mark" aria-hidden="true">✕</span>
          <span>${t`64-bit systems and Windows 8 or later cannot.`}</span>
        </li>
      </ul>
      <p class="small-print">
        ${t`Drop a disc image (.iso) anywhere: this label then says what it is, before the power is on. Without one the house disc starts.`}
      </p>
    </section>
  `;
}

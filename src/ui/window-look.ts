import { css } from 'lit';

/** The look of what stands in a window: see `vitrine-window.ts`. */
export const windowLook = css`
  :host {
    --glow: #1c6aa8;
  }
  h2 {
    margin: 0;
    color: var(--window-heading);
    font: 400 18px/1.3 var(--sans);
    overflow-wrap: anywhere;
  }
  p,
  vitrine-status {
    margin: 0;
    overflow-wrap: anywhere;
  }
  .soft {
    color: var(--window-soft);
  }
  .problem,
  .good,
  .notice {
    padding: 8px 12px;
    border: 1px solid;
    border-radius: var(--radius);
    overflow-wrap: anywhere;
  }
  .notice {
    border-color: var(--notice-line);
    background: var(--notice);
  }
  .problem {
    border-color: var(--problem-line);
    background: var(--problem);
  }
  .good {
    border-color: var(--good-line);
    background: var(--good-paper);
  }
  .buttons {
    display: flex;
    flex-wrap: wrap;
    gap: 6px;
  }
  .buttons button,
  button[slot='commands'] {
    min-width: 0;
    min-height: 30px;
    padding: 0 14px;
    font-size: 13px;
  }
  @media (pointer: coarse) {
    .buttons button,
    button[slot='commands'] {
      min-height: 44px;
    }
  }
`;

import { css } from 'lit';

/**
 * What every element of the exhibit shares: a dark gallery, one warm light, paper labels, and the glass of the
 * case. Colours keep a contrast of 4.5 to 1 against what they stand on.
 */
export const theme = css`
  :host {
    --ink: #20242a;
    --ink-soft: #4d545d;
    --paper: #f6f3ea;
    --paper-edge: #ddd6c4;
    --wall: #14171c;
    --on-wall: #e8e6e0;
    --on-wall-soft: #aeb2b8;
    --accent: #1c6aa8;
    --glow: #6cc4ff;
    --good: #176634;
    --warn: #8a5200;
    --bad: #a3231f;
    /* Short lists: a browser asks the system for each name that it does not have at each size and weight, and waits. */
    --sans: 'Segoe UI', system-ui, sans-serif;
    --serif: 'Palatino Linotype', Palatino, serif;
    font-family: var(--sans);
    box-sizing: border-box;
  }
  *,
  *::before,
  *::after {
    box-sizing: border-box;
  }
  [hidden] {
    display: none !important;
  }
  :focus-visible {
    outline: 3px solid var(--glow);
    outline-offset: 2px;
  }
  .visually-hidden {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  @media (prefers-reduced-motion: reduce) {
    *,
    *::before,
    *::after {
      animation: none !important;
      transition: none !important;
    }
  }
`;

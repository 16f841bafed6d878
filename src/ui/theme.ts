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
    /* Windows: dark on white. */
    --window-ink: #15181c;
    --window-soft: #3c434b;
    --window-heading: #1e395b;
    --window-line: #d9dee3;
    --window-side: linear-gradient(#f3f6f9, #eaeff4);
    --notice: #fdf7e4;
    --notice-line: #d9c48f;
    --problem: #fdf1f0;
    --problem-line: #d9a09d;
    --good-paper: #f1faf3;
    --good-line: #9dc8a9;
    --radius: 3px;
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

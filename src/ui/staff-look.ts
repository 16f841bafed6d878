import { css } from 'lit';

/** The look of what staff see: paper, and buttons for a finger. */
export const staffLook = css`
  h2,
  p {
    margin: 0;
  }
  h2 {
    font: 600 22px/1.2 var(--serif);
  }
  button {
    min-height: 48px;
    padding: 6px 14px;
    border: 1px solid #b9b19a;
    border-radius: 4px;
    background: #fffdf6;
    color: inherit;
    font: 16px/1.3 var(--sans);
    overflow-wrap: anywhere;
    cursor: pointer;
  }
  button:hover {
    border-color: #6d5a2c;
  }
  button:disabled {
    color: #6c6a63;
    cursor: default;
  }
  :focus-visible {
    outline-color: var(--accent);
  }
`;

import { css } from 'lit';

/** The look of the windows that are about a disk: a dialog over the exhibit, as wide as its words need. */
export const diskWindow = css`
  :host {
    --glow: #1c6aa8;
  }
  dialog {
    width: min(560px, calc(100vw - 16px));
    max-width: none;
    max-height: calc(100dvh - 16px);
    padding: 0;
    border: 0;
    background: none;
    color: #15181c;
    overflow: visible;
  }
  dialog::backdrop {
    background: #05070ab3;
  }
  .window {
    display: flex;
    flex-direction: column;
    max-height: calc(100dvh - 16px);
  }
  .title-bar-text {
    font: 600 13px var(--sans);
  }
  .window-body {
    display: grid;
    flex: 1;
    gap: 12px;
    align-content: start;
    min-height: 0;
    padding: 16px 18px 18px;
    overflow: auto;
    overscroll-behavior: contain;
    background: #fff;
    font: 13px/1.45 var(--sans);
  }
  h2 {
    margin: 0;
    color: #1e395b;
    font: 400 18px/1.3 var(--sans);
    overflow-wrap: anywhere;
  }
  p,
  vitrine-status {
    margin: 0;
    overflow-wrap: anywhere;
  }
  .soft {
    color: #3c434b;
  }
  .problem {
    padding: 8px 12px;
    border: 1px solid #d9a09d;
    border-radius: 3px;
    background: #fdf1f0;
  }
  .buttons {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
    justify-content: flex-end;
  }
  .buttons button {
    min-width: 0;
    min-height: 30px;
    padding: 0 14px;
    font-size: 13px;
  }
`;

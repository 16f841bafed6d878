import { css } from 'lit';

/** A sheet of paper in its frame beside the case. It scrolls in itself; a shadow at an edge says that there is more. */
export const sheet = css`
  :host {
    display: flex;
    flex-direction: column;
    min-width: 0;
    min-height: 0;
    color: var(--ink);
  }
  .sheet {
    position: relative;
    display: flex;
    flex-direction: column;
    gap: 14px;
    min-height: 0;
    padding: clamp(14px, 2.4vmin, 24px);
    border: 1px solid var(--paper-edge);
    border-radius: 2px;
    background:
      linear-gradient(var(--paper) 40%, #f6f3ea00) 0 0 / 100% 34px no-repeat local,
      linear-gradient(#f6f3ea00, var(--paper) 60%) 0 100% / 100% 34px no-repeat local,
      linear-gradient(#5a523a3d, #5a523a00) 0 0 / 100% 12px no-repeat scroll,
      linear-gradient(#5a523a00, #5a523a3d) 0 100% / 100% 12px no-repeat scroll,
      var(--paper);
    box-shadow: 0 14px 30px -8px #000b;
    color: var(--ink);
    overflow: hidden auto;
    overscroll-behavior: contain;
    scrollbar-color: #a49a80 transparent;
    scrollbar-width: thin;
  }
  .sheet > * {
    flex: none;
  }
  section {
    display: grid;
    gap: 8px;
    padding-top: 14px;
    border-top: 1px solid var(--paper-edge);
  }
  section > * {
    min-width: 0;
  }
  h2 {
    margin: 0;
    font: 600 12px/1.3 var(--sans);
    letter-spacing: 0.08em;
    text-transform: uppercase;
    color: var(--ink-soft);
  }
  @media (max-width: 900px) {
    .sheet {
      overflow: visible;
      background: var(--paper);
    }
  }
`;

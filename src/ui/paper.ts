import { css } from 'lit';

/** What stands on the paper label: lists of facts, drawers that open, small print. */
export const paper = css`
  p,
  ul,
  dl {
    margin: 0;
  }
  ul {
    padding: 0;
    list-style: none;
  }
  dl {
    display: grid;
    grid-template-columns: auto minmax(0, 1fr);
    gap: 4px 12px;
    font-size: 13px;
    line-height: 1.4;
  }
  dt {
    color: var(--ink-soft);
  }
  dd {
    margin: 0;
    overflow-wrap: anywhere;
  }
  .small-print {
    color: var(--ink-soft);
    font: italic 13px/1.4 var(--serif);
  }
  summary {
    display: flex;
    align-items: baseline;
    gap: 8px;
    cursor: pointer;
    list-style: none;
  }
  summary::-webkit-details-marker {
    display: none;
  }
  summary::before {
    content: '';
    flex: none;
    align-self: center;
    width: 7px;
    height: 7px;
    margin: 0 2px 0 1px;
    border: solid var(--ink-soft);
    border-width: 0 2px 2px 0;
    transform: rotate(-45deg);
    transition: transform 0.15s;
  }
  details[open] > summary::before {
    transform: translateY(-2px) rotate(45deg);
  }
  summary:hover {
    color: var(--accent);
  }
  :focus-visible {
    outline-color: var(--accent);
    border-radius: 2px;
  }
  @media (forced-colors: active) {
    summary::before {
      border-color: CanvasText;
    }
  }
`;

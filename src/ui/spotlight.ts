import { css } from 'lit';

/** A part of the case or the room that the story points at: class `spot`. */
export const spotlight = css`
  .spot.spot {
    border-radius: 6px;
    box-shadow:
      0 0 0 3px #ffd36b,
      0 0 26px 8px #ffc34d99;
    animation: spot 1.6s ease-in-out 3;
  }
  .power.spot.spot {
    border-radius: 50%;
  }
  @keyframes spot {
    50% {
      box-shadow:
        0 0 0 5px #ffd36b,
        0 0 40px 16px #ffc34dcc;
    }
  }
  @media (forced-colors: active) {
    .spot.spot {
      outline: 3px solid Highlight;
    }
  }
`;

import { css } from 'lit';

/** A colour for each kind of stretch, on the map and beside its name. Neighbouring files take turns. */
export const stretchColours = css`
  .start {
    fill: #cfc7b2;
  }
  .descriptors {
    fill: #6f4a9c;
  }
  .boot-catalog {
    fill: #9c2f16;
  }
  .boot-image {
    fill: #e0701b;
  }
  .directory {
    fill: #2b7a72;
  }
  .file {
    fill: #2c6aa6;
  }
  .file.odd {
    fill: #4f90c9;
  }
  .small-files {
    fill: #9bb9d3;
  }
  .unused {
    fill: #ebe5d6;
  }
  .missing {
    fill: #c3312c;
  }
`;

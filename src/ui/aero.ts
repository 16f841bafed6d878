import { css, unsafeCSS } from 'lit';
import buttonSheet from '7.css/dist/gui/button.css?inline';
import dropdownSheet from '7.css/dist/gui/dropdown.css?inline';
import groupboxSheet from '7.css/dist/gui/groupbox.css?inline';
import progressSheet from '7.css/dist/gui/progressbar.css?inline';
import sliderSheet from '7.css/dist/gui/slider.css?inline';
import textboxSheet from '7.css/dist/gui/textbox.css?inline';
import windowSheet from '7.css/dist/gui/window.css?inline';

/**
 * The look of the case's own controls: the 7.css package, the parts that are used. Not its check boxes: they hide the
 * native one, and with it what the visitor's own contrast settings do to it.
 */
export const aeroButton = css`
  ${unsafeCSS(buttonSheet)}
  button {
    font-family: var(--sans);
    /* The package leaves none: words that take two lines would touch the edge. */
    padding-block: 4px;
    line-height: 1.25;
  }
  /* The package has them pulse for ever: the page would be painted at every frame, and who reads has no rest from it. */
  button:is(.default, .focused, :focus) {
    animation: none;
    box-shadow: inset 0 0 2px 1px #34deffdd;
  }
`;
export const aeroForm = unsafeCSS(dropdownSheet + groupboxSheet + textboxSheet);
export const aeroProgress = unsafeCSS(progressSheet);
export const aeroSlider = unsafeCSS(sliderSheet);
export const aeroWindow = unsafeCSS(windowSheet);

import { beginExhibitLanguage } from './page/languages.ts';

// The first import of the page: elements that are defined after it draw their first words in the visitor's language.
beginExhibitLanguage();

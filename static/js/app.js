// Helps where the page already works: every module only improves what forms and links do by themselves.
import "./counter.js";
import "./preview.js";
import "./autosave.js";
import "./confirm.js";
import "./gate.js";
import "./copy.js";

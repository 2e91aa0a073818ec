// What every page does. Each module takes care of one thing and knows no other page.
import "./toasts.js";
import "./dialogs.js";
import "./dropzone.js";
import "./forms.js";
import "./phone.js";

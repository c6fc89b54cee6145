// The peer of the start: a window of the same runtime with nothing in it but a line of text; or the page that BARE_PAGE names.
const { app, BrowserWindow } = require('electron');

void app.whenReady().then(() => {
  const window = new BrowserWindow({
    width: 1100,
    height: 760,
    show: false,
    webPreferences: { sandbox: true },
  });
  window.once('ready-to-show', () => window.show());
  void window.loadFile(process.env.BARE_PAGE ?? 'index.html');
});

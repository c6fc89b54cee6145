/** Where nothing is drawn no frame comes: this long, ms. */
const NO_FRAME = 200;

/** Runs something with the next frame, after its scroll events; in a hidden window after a while. */
export function nextFrame(run: () => void): void {
  const once = () => {
    cancelAnimationFrame(frame);
    clearTimeout(timer);
    run();
  };
  const frame = requestAnimationFrame(once);
  const timer = setTimeout(once, NO_FRAME);
}

/**
 * Hears what nobody caught: v86 starts and runs in callbacks of its own. It goes no further, for the page ends a worker
 * whose fault reaches it, and with it what the guest wrote last.
 */
export function onUncaught(
  scope: Pick<EventTarget, 'addEventListener'>,
  hear: (thrown: unknown) => void,
): void {
  scope.addEventListener('error', (event) => {
    event.preventDefault();
    const { error, message } = event as ErrorEvent;
    hear(error ?? message);
  });
  scope.addEventListener('unhandledrejection', (event) => {
    event.preventDefault();
    hear((event as PromiseRejectionEvent).reason);
  });
}

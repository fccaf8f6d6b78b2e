// For libraries: a task at once, before the script goes on to its next one.
export function setImmediate(callback: () => void): void {
  void Promise.resolve().then(callback);
}

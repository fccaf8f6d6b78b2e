// A guest that hides nothing from its script: what holds against that script holds against any.
export function createGuest(host) {
  const guest = {
    start(text) {
      const job = JSON.parse(text);
      new Function('host', 'guest', 'job', job.scripts[0].source)(host, guest, job);
    },
    onResume: () => undefined,
    onRejected: () => undefined,
  };
  return {
    start: guest.start,
    resume: (kind, id, text) => guest.onResume(kind, id, text),
    rejected: (reason) => guest.onRejected(reason),
  };
}

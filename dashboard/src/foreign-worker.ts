/**
 * bhor has no service worker. One that is here was left by whoever served this address before, and could answer and read
 * in bhor's place: it is taken away, and the page must not go on under it.
 *
 * @returns whether there was one
 */
export async function removeForeignWorkers(): Promise<boolean> {
  // Absent where the browser has none for this page; then nobody could leave one.
  const { serviceWorker } = navigator as { serviceWorker?: ServiceWorkerContainer }
  if (serviceWorker === undefined) return false
  const found = await serviceWorker.getRegistrations().catch(() => [])
  await Promise.all(found.map((each) => each.unregister().catch(() => false)))
  if (found.length === 0 && serviceWorker.controller === null) return false
  const names = await caches.keys().catch(() => [])
  await Promise.all(names.map((name) => caches.delete(name).catch(() => false)))
  return true
}

/** Calls `act` when a worker takes hold of this page while it is open. */
export function watchForForeignWorkers(act: () => void): void {
  const { serviceWorker } = navigator as { serviceWorker?: ServiceWorkerContainer }
  serviceWorker?.addEventListener('controllerchange', () => {
    if (serviceWorker.controller !== null) act()
  })
}

/** What goes wrong before bhor can say so itself. */
export const problems = {
  unreachable: {
    detail: 'bhor does not answer.',
    hint: 'Start it: bhor serve. This page comes back by itself.',
  },
  ofThisPage: {
    detail: 'This page made a mistake.',
    hint: 'Reload it. If it happens again, please report it.',
  },
  foreign: {
    detail: (status: number) => `Something other than bhor answered (status ${status}).`,
    hint: 'Use the exact address that bhor serve printed.',
  },
}

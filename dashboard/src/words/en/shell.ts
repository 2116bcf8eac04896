/** The frame around every page. */
export const shell = {
  sections: 'Sections',
  pages: {
    today: 'Today',
    accounts: 'Accounts',
    portfolio: 'Portfolio',
    programs: 'Programs',
    audit: 'Audit',
    settings: 'Settings',
    doctor: 'Doctor',
  },
  /** The title of the tab. */
  tabTitle: (live: number, all: number) => `${live}/${all} live · bhor`,
  dismiss: 'Dismiss',
  askDoctor: 'Ask the doctor',
  nobodyIsTold: 'Nobody is told of anything yet.',
  addChannel: 'Add a channel',
  signOut: 'Sign out',
  opening: 'Opening…',
  noAnswer: 'bhor does not answer. Start it with',
  comesBack: 'this page comes back by itself.',
  shownAsOf: (time: string) => `What stands here is of ${time}.`,
  notLive: 'This page does not hear of changes now.',
  nothingLeaves: 'Nothing is handed out and nobody is logged in.',
}

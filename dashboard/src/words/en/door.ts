/** For who comes without a session, or where something that is not bhor's had hold of the page. */
export const door = {
  title: 'Sign in',
  owed: 'You are signed out here, but bhor could not be told yet. It is told as soon as it answers: leave this page open, or open it again at this address.',
  openLink: 'Open the sign-in link that bhor printed in the terminal when it started. It works once.',
  newLink: 'For a new link, run this where bhor runs:',
  command: 'command',
  notFound: 'Your browser does not find the page of that link?',
  noPassword:
    'There is no password: who can run bhor on this computer can sign in. This browser then stays signed in, unless your configuration says otherwise.',
  foreign: {
    title: 'This address is not safe',
    what: 'Another program has served this address before and left a service worker for it in your browser. It could read and change all that this page shows, so bhor does not go on here.',
    removed:
      'It was removed. Close every tab of this address, then get a new link, which has an address of its own:',
    who: 'Who can run programs on this computer besides you? One of them has used bhor’s port while bhor was not running.',
  },
  fresh: {
    title: 'Confirm that it is you',
    wait: 'One moment…',
    why: (act: string) =>
      `To ${act}, bhor asks who is there. What you confirm is good for 5 minutes, in this browser.`,
    passphrase: 'Passphrase of this page',
    confirm: 'Confirm',
    forgotten: 'Forgotten?',
    typeThis: 'Type this where bhor runs; the page goes on by itself:',
    over: 'The time of this code is over.',
    newCode: 'Make a new code',
    again: 'Try again',
    setOne: 'To confirm here instead, set a passphrase once:',
  },
}

import type { Command } from 'commander'

/** A line as somebody would type it, and what it does. */
type Example = readonly [line: string, says: string]

/** Of every command, by its words; a test types them all. */
export const examples: Readonly<Record<string, readonly Example[]>> = {
  'accounts import': [
    ['bhor accounts import broker-config.json', 'shows the plan, and changes nothing'],
    ['bhor accounts import broker-config.json --api-secret-file secret.txt --apply', 'does it'],
  ],
  exec: [
    ['bhor exec papa -- python3 bot.py', 'the session is in its environment'],
    ['bhor exec papa --restart-on-login --mask -- python3 bot.py', 'lives through every dawn'],
  ],
  mirrors: [['bhor mirrors list', 'the files, and whether each is up to date']],
  'mirrors add': [
    ['bhor mirrors add papa ~/bot/broker-config.json --format broker-config', 'in step from now on'],
  ],
  'mirrors list': [['bhor mirrors list papa', 'of one account']],
  'mirrors sync': [['bhor mirrors sync papa --overwrite', 'over a token that somebody has put there']],
  'mirrors remove': [['bhor mirrors remove papa ~/bot/broker-config.json', 'the file stays as it is']],
  portfolio: [
    ['bhor portfolio', 'holdings, positions and funds of all accounts'],
    ['bhor portfolio --csv', 'for a spreadsheet'],
  ],
  '': [
    ['bhor demo', 'look around, without a broker and without a trace'],
    ['bhor help accounts add', 'one command, with examples'],
  ],
  serve: [
    ['bhor serve', 'the desk at http://127.0.0.1:7878, until Ctrl-C'],
    ['bhor serve --port 8000', 'at another port'],
  ],
  demo: [['bhor demo', 'a desk and a live sandbox account, until Ctrl-C']],
  service: [
    ['bhor service install', 'keep bhor running in the background'],
    ['bhor service status', 'whether it runs'],
  ],
  'service install': [
    ['bhor service install', 'a service of your own, started when you log in'],
    ['sudo bhor service install --system --user bhor', 'of the system, as a user of its own'],
    ['bhor service install --passphrase-file ~/.bhor-passphrase', 'opens its vault by itself'],
    ['bhor service install --print', 'only look'],
  ],
  'service remove': [['bhor service remove', 'end it; what is stored stays']],
  'service status': [['bhor service status --json', 'for a program']],
  'service logs': [
    ['bhor service logs', 'the last 50 lines'],
    ['bhor service logs --follow', 'and what comes'],
  ],
  accounts: [['bhor accounts add papa', 'asks for the broker and for what it needs']],
  'accounts add': [
    ['bhor accounts add demo --sandbox', 'without a broker and without money'],
    ['bhor accounts add papa', 'asks for the broker, the API key and the API secret'],
    ['bhor accounts add papa --api-key abc123 --api-secret-file secret.txt', 'asks for less'],
  ],
  'accounts edit': [
    ['bhor accounts edit papa --label "Papa, long term"', 'a longer name'],
    ['bhor accounts edit papa --logout-at 15:45', 'log out by itself each day'],
    ['bhor accounts edit papa --logout-at ""', 'never again'],
  ],
  'accounts list': [['bhor accounts list', 'all accounts']],
  'accounts show': [['bhor accounts show papa', 'with its redirect URL']],
  'accounts confirm': [['bhor accounts confirm papa --user AB1234', 'without a question']],
  'accounts hook': [['bhor accounts hook papa', 'a new address; the one before ends soon']],
  'accounts remove': [['bhor accounts remove papa', 'asks first']],
  login: [
    ['bhor login papa', 'opens the broker’s page'],
    ['bhor login --all', 'whoever has no live session'],
    ['bhor login papa --qr', 'with the phone'],
    ['bhor login papa --paste', 'log in anywhere, paste the last address here'],
  ],
  status: [
    ['bhor status', 'all accounts'],
    ['bhor status papa', 'exit code 4 when it needs a login'],
    ['bhor status --watch', 'stay, and see what changes'],
  ],
  token: [
    ['bhor token papa', 'the token alone'],
    ['bhor token papa --min-life 20m', 'fails when it ends sooner'],
    ['bhor token papa --format env', 'lines for a shell'],
  ],
  wait: [
    ['bhor wait papa --timeout 30m', 'exit code 124 when the time is over'],
    ['bhor wait papa --gate', 'until it may trade too'],
  ],
  test: [['bhor test papa', 'ask the broker now']],
  renew: [['bhor renew papa', 'where the broker gave a refresh token']],
  logout: [
    ['bhor logout papa', 'here and at the broker'],
    ['bhor logout papa --compromised', 'and say who had been given it'],
  ],
  egress: [
    ['bhor egress papa', 'measure by which address it leaves'],
    ['bhor egress papa --from 192.0.2.10 --registered 192.0.2.10', 'leave by this one, as registered'],
    ['bhor egress papa --direct', 'as any program'],
  ],
  pause: [
    ['bhor pause papa --reason "results day"', 'until you resume it'],
    ['bhor pause papa --until 15:30 --withhold', 'until then, without tokens that can order'],
  ],
  resume: [['bhor resume papa', 'lift the pause']],
  kill: [
    ['bhor kill --reason "runaway bot"', 'stop everything'],
    ['bhor kill --undo', 'go on'],
  ],
  seal: [['bhor seal --reason "laptop stolen"', 'nothing leaves any more']],
  unseal: [['bhor unseal', 'open it again']],
  keys: [['bhor keys add bot --accounts papa', 'a key for one program and one account']],
  'keys add': [
    ['bhor keys add bot --accounts papa', 'status and tokens of one account'],
    ['bhor keys add screen --scopes status --days 30', 'only looks, for a month'],
  ],
  'keys list': [['bhor keys list', 'all keys, and when each was used']],
  'keys revoke': [['bhor keys revoke key_7f3a', 'from now on; bhor keys list shows the ids']],
  calendar: [['bhor calendar', 'holidays and special sessions']],
  'calendar list': [['bhor calendar list --from 2027-01-01 --to 2027-03-31', 'of a quarter']],
  'calendar add': [
    ['bhor calendar add 2027-05-03 --note "election"', 'a holiday'],
    ['bhor calendar add 2027-02-06 --special', 'a Saturday on which the market is open'],
  ],
  'calendar move': [['bhor calendar move 2027-03-31 2027-04-01', 'a holiday that was moved']],
  'calendar remove': [['bhor calendar remove 2027-05-03', 'traded after all']],
  'calendar forget': [['bhor calendar forget 2027-05-03', 'bhor’s own list counts again']],
  'calendar import': [['bhor calendar import 2027.toml', 'a whole year']],
  'roll-call': [['bhor roll-call', 'who needs a login before the market']],
  alerts: [['bhor alerts add ntfy phone', 'asks for what the channel needs']],
  'alerts add': [
    ['bhor alerts add telegram phone', 'asks for the bot’s token and the chat'],
    ['bhor alerts add email papa --to papa@example.com --accounts papa', 'only about one account'],
    ['bhor alerts add ntfy phone --topic-file topic.txt --quiet 22:00-06:30', 'quiet at night'],
  ],
  'alerts list': [['bhor alerts list', 'and how the last message went']],
  'alerts edit': [['bhor alerts edit phone --least warning', 'tell less']],
  'alerts remove': [['bhor alerts remove phone', 'asks first']],
  'alerts test': [['bhor alerts test phone', 'send something now']],
  audit: [
    ['bhor audit', 'the latest records'],
    ['bhor audit --account papa --limit 200', 'of one account'],
  ],
  'audit verify': [['bhor audit verify', 'whether anybody changed the record']],
  'audit export': [['bhor audit export audit-2027.jsonl --before 2027-01-01', 'what is older, into a file']],
  vault: [['bhor vault status', 'which keys are in use']],
  'vault status': [['bhor vault status', 'and how far a change is']],
  'vault rotate': [
    ['bhor vault rotate', 'a new data key'],
    ['bhor vault rotate --source passphrase', 'a master key that is on no disk'],
  ],
  backup: [
    ['bhor backup /mnt/usb/bhor.backup', 'everything, into one sealed file'],
    ['bhor backup --drill', 'try the last one out, beside the running server'],
    ['bhor backup', 'how the backups stand that are made by themselves'],
  ],
  restore: [
    ['bhor restore --check /mnt/usb/bhor.backup', 'only try it out'],
    ['bhor restore /mnt/usb/bhor.backup', 'into an empty data folder'],
  ],
  desk: [
    ['bhor desk', 'a sign-in link, and the browser opens it'],
    ['bhor desk --no-browser', 'only the link'],
  ],
  'desk list': [['bhor desk list', 'who is signed in']],
  'desk revoke': [
    ['bhor desk revoke b_3fa9', 'sign one browser out'],
    ['bhor desk revoke --all', 'sign all of them out'],
  ],
  'desk confirm': [['bhor desk confirm 123-456', 'the code that the page shows']],
  'desk passphrase': [['bhor desk passphrase', 'asks for a new one']],
  doctor: [['bhor doctor', 'what is wrong, and how to mend it']],
  unlock: [
    ['bhor unlock', 'asks for the passphrase'],
    ['bhor unlock --passphrase-file -', 'from stdin'],
  ],
  config: [['bhor config', 'every option, and where it was set']],
  simulator: [
    ['bhor simulator', 'the brokers at 7890 and the ports behind it'],
    ['bhor simulator --port 0 --seed monday', 'free ports, faults that repeat'],
  ],
  completion: [
    ['source <(bhor completion bash)', 'in ~/.bashrc'],
    ['source <(bhor completion zsh)', 'in ~/.zshrc, behind compinit'],
    ['bhor completion fish > ~/.config/fish/completions/bhor.fish', 'once'],
    ['bhor completion powershell | Out-String | Invoke-Expression', 'in $PROFILE'],
  ],
  help: [['bhor help accounts add', 'the same as bhor accounts add --help']],
}

/** Puts its examples under the help of a command. */
export function showExamples(command: Command, words: string): void {
  const own = examples[words] ?? []
  const width = Math.max(...own.map(([line]) => line.length))
  const lines = own.map(([line, says]) => `  ${line.padEnd(width)}   # ${says}\n`)
  if (own.length > 0) command.addHelpText('after', `\nExamples:\n${lines.join('')}`.trimEnd())
}

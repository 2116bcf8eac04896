import type { BrokerView } from '../../../src/contracts/api.ts'
import { words } from '../words/programs.ts'

export interface Snippet {
  readonly name: string
  /** What has to be there first; empty when nothing. */
  readonly needs: string
  readonly code: string
}

/** What is taken from the broker’s manifest. */
type Home = Pick<BrokerView, 'snippets' | 'probePath'>

interface Place {
  /** Where bhor listens, without a slash at the end. */
  readonly origin: string
  readonly account: string
}

/** The first program in four languages. None holds the key: it comes from the environment as BHOR_KEY. */
export function snippets(place: Place, home: Home | undefined): readonly Snippet[] {
  return [curl(place, home), python(place, home), node(place, home), shell(place)]
}

function sessionUrl({ origin, account }: Place): string {
  return `${origin}/v1/accounts/${encodeURIComponent(account)}/session?min_life=20m`
}

// `-H @-` reads the headers from stdin: a header given as an argument could be read in the process list.
function curl(place: Place, home: Home | undefined): Snippet {
  const fetchIt = `session=$(printf 'Authorization: Bearer %s\\n' "$BHOR_KEY" |
  curl -fsS -H @- '${sessionUrl(place)}')`
  const useIt = `printf '%s' "$session" | jq -r '.headers | to_entries[] | "\\(.key): \\(.value)"' |
  curl -fsS -H @- "$(printf '%s' "$session" | jq -r .baseUrl)${home?.probePath ?? ''}"`
  const showIt = `printf '%s' "$session" | jq -r .expiresAt`
  return {
    name: 'curl',
    needs: words.programs.snippetNeeds.curl,
    code: `${fetchIt}\n\n${home?.probePath ? useIt : showIt}\n`,
  }
}

function python(place: Place, home: Home | undefined): Snippet {
  const sdk = home?.snippets.python
  const imports = ['import os', '', 'import requests', ...(sdk ? [sdk.imports] : [])].join('\n')
  const path = home?.probePath ?? '/'
  const plain = `reply = requests.get(session["baseUrl"] + "${path}", headers=session["headers"], timeout=10)
print(reply.status_code, reply.text)`
  const code = `${imports}

answer = requests.get(
    "${sessionUrl(place)}",
    headers={"Authorization": f"Bearer {os.environ['BHOR_KEY']}"},
    timeout=10,
)
if not answer.ok:
    raise SystemExit(answer.json()["detail"])
session = answer.json()

${sdk?.use ?? plain}
`
  return { name: 'Python', needs: sdk?.install ?? 'pip install requests', code }
}

function node(place: Place, home: Home | undefined): Snippet {
  const sdk = home?.snippets.node
  const plain = `const reply = await fetch(session.baseUrl + '${home?.probePath ?? '/'}', { headers: session.headers })
console.log(reply.status, await reply.text())`
  const code = `${sdk ? `${sdk.imports}\n\n` : ''}const answer = await fetch('${sessionUrl(place)}', {
  headers: { authorization: \`Bearer \${process.env.BHOR_KEY}\` },
})
const session = await answer.json()
if (!answer.ok) throw new Error(session.detail)

${sdk?.use ?? plain}
`
  return { name: 'Node', needs: sdk?.install ?? '', code }
}

function shell({ origin, account }: Place): Snippet {
  const code = `export BHOR_URL=${origin}

# the token alone, or exit code 4 when a login is needed
token=$(bhor token ${account} --min-life 20m) || exit

# or run a program with the session in its environment (BHOR_ACCESS_TOKEN, BHOR_API_KEY, BHOR_BASE_URL, …),
# and again with each new session
bhor exec ${account} --restart-on-login -- python3 strategy.py
`
  return { name: 'Shell', needs: words.programs.snippetNeeds.shell, code }
}

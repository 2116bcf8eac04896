import { signal } from '@preact/signals'
import type { ComponentChildren } from 'preact'
import { useEffect } from 'preact/hooks'
import type { Problem } from '../../../src/contracts/api.ts'
import type { PartFiles } from '../../integrity.ts'
import { isConnected } from '../connection.ts'
import { unreachable } from '../problem.ts'
import { words } from '../words/words.ts'
import { Button } from './button.tsx'
import { ProblemNote } from './problem-note.tsx'

/** The build puts them here. */
declare const PART_FILES: PartFiles

interface Policy {
  createScriptURL(url: string): string
}
interface TrustedTypes {
  createPolicy(name: string, policy: Policy): Policy
}

type Component<Props> = (props: Props) => ComponentChildren

/**
 * A component whose script is loaded when it is shown first. Each file of it is checked by the hash that it was built with,
 * as the page itself is; `import` then finds it there.
 *
 * @param name that of the file that is imported
 * @param meanwhile what stands there until then, of what nobody asked for: whether it comes is not said
 */
export function later<Props extends object>(
  name: string,
  load: () => Promise<Component<Props>>,
  { meanwhile }: { readonly meanwhile?: () => ComponentChildren } = {},
): Component<Props> {
  const loaded = signal<Component<Props> | null>(null)
  const problem = signal<Problem | null>(null)
  const bring = async () => {
    try {
      for (const [path, integrity] of PART_FILES[name] ?? []) await loadChecked(path, integrity)
      loaded.value = await load()
    } catch {
      problem.value = isConnected.value ? { ...unreachable, ...words.forms.partFailed } : unreachable
    }
  }
  return function Later(props) {
    const Part = loaded.value
    useEffect(() => {
      if (loaded.peek() === null) void bring()
    }, [])
    if (Part !== null) return <Part {...props} />
    if (meanwhile !== undefined) return meanwhile()
    if (problem.value === null) return <p class="loading">{words.shell.opening}</p>
    return (
      <>
        <ProblemNote problem={problem.value} />
        <div class="actions">
          {/* What a browser could not load once, it does not ask for again. */}
          <Button onPress={() => location.reload()}>{words.forms.reload}</Button>
        </div>
      </>
    )
  }
}

const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypes }
/** Only paths that stand in this script are ever loaded. */
const policy: Policy = trustedTypes?.createPolicy('parts', { createScriptURL: (url) => url }) ?? {
  createScriptURL: (url) => url,
}

function loadChecked(path: string, integrity: string): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const script = document.createElement('script')
  script.type = 'module'
  script.crossOrigin = 'anonymous'
  script.integrity = integrity
  script.src = policy.createScriptURL(path)
  script.onload = () => resolve()
  script.onerror = () => {
    script.remove()
    reject(new Error(path))
  }
  document.head.append(script)
  return promise
}

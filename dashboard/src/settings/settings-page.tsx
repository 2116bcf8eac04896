import { words } from '../words/words.ts'

export function SettingsPage() {
  return <h1 class="headline">{words.shell.pages.settings}</h1>
}

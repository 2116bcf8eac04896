import { words } from '../words/words.ts'

export function DoctorPage() {
  return <h1 class="headline">{words.shell.pages.doctor}</h1>
}

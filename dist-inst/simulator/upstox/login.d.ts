import { type Answer } from '../answer.ts';
import { type Call } from '../call.ts';
import type { World } from '../world.ts';
/** `GET /v2/login/authorization/dialog?response_type=code&client_id=…&redirect_uri=…[&state=…]` */
export declare function showDialog(world: World, call: Call): Answer;
/** The submitted form; a finished login goes straight to the app with a fresh `code`. */
export declare function submitDialog(world: World, call: Call): Answer;

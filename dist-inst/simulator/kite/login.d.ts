import { type Answer } from '../answer.ts';
import { type Call } from '../call.ts';
import type { World } from '../world.ts';
/** `GET /connect/login?v=3&api_key=…[&redirect_params=…]` */
export declare function showLogin(world: World, call: Call): Answer;
/** The submitted form; a finished login goes on over `/connect/finish`, the page that people paste by mistake. */
export declare function submitLogin(world: World, call: Call): Answer;
/** `GET /connect/finish?api_key=…&sess_id=…`: sends the browser to the app with a fresh `request_token`. */
export declare function finishLogin(world: World, call: Call): Answer;

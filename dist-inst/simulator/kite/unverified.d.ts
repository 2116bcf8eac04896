/**
 * What no source tells about Kite. Each is a guess that the simulator makes in this one place only; compare
 * with the real broker and correct it here.
 */
/** What the redirect carries when the person cancels the login. */
export declare const cancelledRedirect: readonly (readonly [string, string])[];
/** The HTTP status of the JSON page "The user is not enabled for the app." */
export declare const notEnabledStatus = 400;
/** What an unknown `api_key` gets, at the login page and at the exchange. */
export declare const unknownAppStatus = 400;
export declare const unknownAppMessage = "Invalid `api_key`.";
/** Type of the refusal of an IP address that is not on the list: reported as this, in one place as InputException. */
export declare const ipRefusedType = "PermissionException";
/** Does a renewal kill the refresh token it was made with? The harder answer. */
export declare const rotatesRefreshToken = true;
/** More than 25 changes of one order. */
export declare const tooManyChangesMessage = "Maximum allowed order modifications exceeded.";
/** An instrument that is not listed. */
export declare const unknownInstrumentMessage = "The instrument you are placing an order for has either expired or does not exist.";

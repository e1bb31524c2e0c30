/** In place of a target's name: the record was there before the first run. */
export const SEEN = '';
/** As above, and it could not be read then, so that nobody knows whether the rules would have kept it. */
export const UNREAD = '?';
/** In place of a target's name: a write of the record may have been applied, and nobody has found out. */
export const MAYBE = '!';

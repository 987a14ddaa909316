// By which method a session is refreshed: account.X.session_timer.refresh_method.

export const enum RefreshMethod {
  /** UPDATE where the peer's Allow lists it, else re-INVITE. */
  Auto = 0,
  Update = 1,
  ReInvite = 2,
}

// The names of all timers. RFC 3261 Table 4, RFC 6026 (L, M); words where the RFCs give no letter.

export const enum Timer {
  None = 0,
  /** INVITE request retransmission over an unreliable transport. */
  A,
  /** INVITE transaction time-out. */
  B,
  /** Proxy INVITE time-out; a phone has none. */
  C,
  /** Wait for retransmissions of a final response to INVITE. */
  D,
  /** Non-INVITE request retransmission. */
  E,
  /** Non-INVITE transaction time-out. */
  F,
  /** INVITE final response retransmission. */
  G,
  /** Wait for ACK. */
  H,
  /** Wait for retransmissions of ACK. */
  I,
  /** Wait for retransmissions of a non-INVITE request. */
  J,
  /** Wait for retransmissions of a non-INVITE final response. */
  K,
  /** Wait for retransmissions of an INVITE whose 2xx was sent (RFC 6026). */
  L,
  /** Wait for retransmissions of a 2xx to INVITE, and for those of other forks (RFC 6026). */
  M,
  /** Wait for the NOTIFY that a SUBSCRIBE leads to (RFC 6665 §4.1.2.4). */
  N,
  /** 100 to INVITE if the user has not answered within 200 ms. */
  Trying,
  /** 2xx to INVITE again, until its ACK (RFC 3261 §13.3.1.4). */
  Accept,
  /** A reliable provisional response again, until its PRACK (RFC 3262 §3). */
  Reliable,
  /** No ACK for 64*T1 (RFC 3261 §13.3.1.4). */
  AcceptTimeout,
  /** A provisional each minute while it rings (RFC 3261 §13.3.1.1). */
  Provisional,
  /** The user does not answer. */
  Ringing,
  /** The same, and the call is forwarded. */
  Forward,
  /** The call is answered by itself. */
  Answer,
  /** The other side does not answer. */
  Ringback,
  /** Our turn to refresh the session (RFC 4028 §10). */
  Refresh,
  /** The session interval is over (RFC 4028 §10). */
  SessionExpiry,
  /** Try again after 491 (RFC 3261 §14.1). */
  Glare,
  /** Try again after Retry-After. */
  Retry,
  /** A re-INVITE or UPDATE of ours has no final answer. */
  Change,
  /** An answer to a name lookup is overdue. */
  Resolve,
  /** A connection is not open yet. */
  Connect,
  /** A connection has brought a part of a message, or nothing at all. */
  Unfinished,
  /** Nothing came or went on a connection. */
  Idle,
  /** A ping on a connection has no answer (RFC 5626 §4.4.1). */
  Pong,
  /** Something goes to the server, so that a NAT stays open. */
  KeepAlive,
  /** A server is asked whether it is there. */
  Probe,
  /** A STUN server is asked, or asked again. */
  Stun,
  /** There is more to read of a connection than one call could answer. */
  Input,
  /** A request of ours has met silence for long enough to try the next target (RFC 3263 §4.3). */
  Silence,
  /** The first REGISTER, or the next try after one that failed. */
  Register,
  /** A binding is to be renewed (RFC 3261 §10.2.4). */
  RegisterRefresh,
  /** A subscription is to be renewed (RFC 6665 §4.1.2.2). */
  SubscribeRefresh,
  /** A subscription that came to nothing is tried again. */
  Subscribe,
  /** The first server or proxy is to be tried again. */
  Failback,
  /** The answer to the REGISTER that removes a binding is waited for no longer. */
  Unregister,
  /** Nothing was heard of a transfer that we asked for. */
  Transfer,
}

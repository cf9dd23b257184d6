namespace WpAsis.MessagingGateway.Replies;

/// <summary>Where a send stands.</summary>
internal enum SendState
{
    /// <summary>Waiting for its turn, or for the next try.</summary>
    Queued,

    /// <summary>A call is under way.</summary>
    Sending,

    /// <summary>Called, and nobody knows with what effect.</summary>
    Unknown,

    /// <summary>WhatsApp took it. Final.</summary>
    Accepted,

    /// <summary>Not sent. Final.</summary>
    Dropped,
}

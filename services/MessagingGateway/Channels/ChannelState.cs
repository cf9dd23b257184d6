namespace WpAsis.MessagingGateway.Channels;

/// <summary>Whether a number is ours to use.</summary>
internal enum ChannelState
{
    /// <summary>Messages are taken in and answered.</summary>
    Connected,

    /// <summary>The customer took it away.</summary>
    Disconnected,
}

/// <summary>Whether messages may leave through a number. Intake goes on whatever it says.</summary>
internal enum CircuitState
{
    /// <summary>Messages leave.</summary>
    Closed,

    /// <summary>Meta refuses the number itself: nothing is sent until it works again.</summary>
    Open,

    /// <summary>Meta answers for the number again; the next refusal opens the circuit without another notice.</summary>
    Trial,
}

using WpAsis.Privacy.Sealing;
using WpAsis.Privacy.Values;

namespace WpAsis.MessagingGateway.Replies;

/// <summary>Finds a message by Meta's id of it. The id holds the contact's number, so only its keyed hash is looked up.</summary>
internal sealed class WamidIndex(BlindIndex index)
{
    private const string Pepper = "message_key.wamid";

    /// <summary>The hash under which <c>message_key</c> knows it.</summary>
    public byte[] Of(Wamid wamid) => index.Of(Pepper, wamid.Normalized);
}

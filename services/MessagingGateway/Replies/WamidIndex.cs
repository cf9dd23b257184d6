using WpAsis.Privacy.Sealing;
using WpAsis.Privacy.Values;

namespace WpAsis.MessagingGateway.Replies;

internal sealed class WamidIndex(BlindIndex index)
{
    public byte[] Of(Wamid wamid) => index.Of("message_key.wamid", wamid.Normalized);
}

using WpAsis.Privacy.Sealing;
using WpAsis.Privacy.Values;

namespace WpAsis.MessagingGateway.Channels;

/// <summary>A keyed hash of a business number, under a pepper made for this alone: billing knows it again without knowing it.</summary>
internal sealed class NumberKeys(BlindIndex index)
{
    private const string Pepper = "number-key";

    /// <summary>The key of a number. Its digits count, not Meta's id: a number that is registered anew keeps its key.</summary>
    public string Of(string displayNumber, string phoneNumberId) =>
        Convert.ToHexStringLower(
            index.Of(Pepper, PhoneNumber.TryParse(displayNumber, out var number) ? number.Normalized : "id:" + phoneNumberId)
        );
}

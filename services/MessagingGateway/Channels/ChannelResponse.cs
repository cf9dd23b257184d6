using Npgsql;
using WpAsis.MessagingGateway.Data;
using WpAsis.Privacy.Classification;
using WpAsis.Privacy.Ids;
using WpAsis.Privacy.Sealing;

namespace WpAsis.MessagingGateway.Channels;

/// <summary>A business number as its customer sees it. The token is never shown again.</summary>
internal sealed record ChannelResponse
{
    public required ChannelId Id { get; init; }

    [NotPersonal("Meta's id of a business number")]
    public required string PhoneNumberId { get; init; }

    [NotPersonal("Meta's id of a business account")]
    public required string WabaId { get; init; }

    [NotPersonal("a business number, shown to its own customer")]
    public required string DisplayNumber { get; init; }

    [NotPersonal("a business's name")]
    public required string VerifiedName { get; init; }

    /// <summary><c>connected</c>, <c>needs-attention</c> (nothing is sent, see the reason) or <c>disconnected</c>.</summary>
    [NotPersonal("a state")]
    public required string State { get; init; }

    /// <summary>What kind of trouble: token, payment, registration, policy, limits, or paused (an operator has stopped sending).</summary>
    [NotPersonal("one of six words")]
    public string? Reason { get; init; }

    public required DateTimeOffset ConnectedAt { get; init; }

    internal const string Columns =
        "id, phone_number_id, waba_id, display_number, verified_name, state, circuit_state, circuit_reason, paused_at, connected_at";

    internal static ChannelResponse Read(NpgsqlDataReader row, DataKey key)
    {
        var connected = Enum.Parse<ChannelState>(row.Value<string>("state")) is ChannelState.Connected;
        var open = Enum.Parse<CircuitState>(row.Value<string>("circuit_state")) is CircuitState.Open;
        var paused = row.Maybe<DateTimeOffset>("paused_at") is not null;
        return new()
        {
            Id = new(row.Value<Guid>("id")),
            PhoneNumberId = row.Value<string>("phone_number_id"),
            WabaId = row.Value<string>("waba_id"),
            DisplayNumber = key.Unseal(SealedColumns.ChannelDisplayNumber, SealedText.FromBytes(row.Value<byte[]>("display_number"))),
            VerifiedName = key.Unseal(SealedColumns.ChannelVerifiedName, SealedText.FromBytes(row.Value<byte[]>("verified_name"))),
            State =
                !connected ? "disconnected"
                : open || paused ? "needs-attention"
                : "connected",
            // What the customer can mend comes first.
            Reason =
                !connected ? null
                : open ? row.MaybeObject<string>("circuit_reason")
                : paused ? "paused"
                : null,
            ConnectedAt = row.Value<DateTimeOffset>("connected_at"),
        };
    }
}

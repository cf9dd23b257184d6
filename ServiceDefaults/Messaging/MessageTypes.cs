using System.Text.Json;
using WpAsis.Contracts.MessagingGateway;

namespace WpAsis.ServiceDefaults.Messaging;

/// <summary>The contracts by their name on the wire: <c>Owner:Message</c>, which is the namespace and the type.</summary>
public static class MessageTypes
{
    private const string Root = "WpAsis.Contracts.";

    /// <summary>How messages are written in the outbox and on the bus.</summary>
    public static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web);

    /// <summary>Every message, by name.</summary>
    public static IReadOnlyDictionary<string, Type> ByName { get; } =
        typeof(MessagesReceived)
            .Assembly.GetExportedTypes()
            .Where(type => type is { IsClass: true, IsSealed: true, Namespace: not null } && IsMessage(type))
            .ToDictionary(NameOf, StringComparer.Ordinal);

    /// <summary>The wire name of a message.</summary>
    public static string NameOf(Type type) => $"{type.Namespace![Root.Length..]}:{type.Name}";

    // Parts of messages live beside them and are never published by themselves.
    private static bool IsMessage(Type type) =>
        type.Namespace!.StartsWith(Root, StringComparison.Ordinal)
        && type.Name is not ("ReceivedMessage" or "ReceivedMedia" or "MessagePricing");
}

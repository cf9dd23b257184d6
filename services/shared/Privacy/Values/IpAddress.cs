using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Serialization;

namespace WpAsis.Privacy.Values;

/// <summary>An IP address; an IPv4 address mapped into IPv6 is the IPv4 address.</summary>
[JsonConverter(typeof(ReadOnlyPersonalConverter<IpAddress>))]
public readonly record struct IpAddress : IPersonalValue<IpAddress>
{
    private readonly string? text;

    private IpAddress(string text) => this.text = text;

    /// <inheritdoc />
    public bool IsEmpty => text is null;

    /// <inheritdoc />
    public string Normalized => Reveal();

    /// <inheritdoc />
    public static bool TryParse([NotNullWhen(true)] string? text, out IpAddress value)
    {
        value = default;
        if (text is not { Length: <= 64 } || !IPAddress.TryParse(text.Trim(), out var address))
            return false;
        value = From(address);
        return true;
    }

    /// <summary>Reads a text; a <see cref="FormatException"/> (without the text) when it cannot be one.</summary>
    public static IpAddress Parse(string text) => TryParse(text, out var value) ? value : throw PersonalText.Refusal<IpAddress>();

    /// <inheritdoc />
    public string Reveal() => text ?? "";

    /// <summary>Nothing of it: any part of an address narrows the person down.</summary>
    public override string ToString() => "***";

    /// <summary>The address of a connection.</summary>
    public static IpAddress From(IPAddress address)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        // A scope id names an interface of this machine, not the person.
        return new IpAddress(
            plain.AddressFamily == AddressFamily.InterNetworkV6 ? new IPAddress(plain.GetAddressBytes()).ToString() : plain.ToString()
        );
    }
}

using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Compliance.Redaction;
using Microsoft.Extensions.DependencyInjection;
using WpAsis.Privacy.Classification;

namespace WpAsis.Privacy.Logging;

/// <summary>What classified parameters of <c>[LoggerMessage]</c> become.</summary>
public static class RedactionExtensions
{
    /// <summary>
    /// Identity data, security data and content are erased, and so is anything whose class nobody has heard of. Service data is
    /// erased too, unless a key is given: then it becomes a short keyed hash by which two records can be told to concern the same thing.
    /// </summary>
    /// <param name="services">The service's registrations.</param>
    /// <param name="serviceDataKey">A secret of the service's own ring, at least 16 bytes; none erases.</param>
    public static IServiceCollection AddWpAsisRedaction(this IServiceCollection services, byte[]? serviceDataKey = null)
    {
        if (serviceDataKey is not null)
            services.AddSingleton(new ServiceDataKey(serviceDataKey));
        return services.AddRedaction(redaction =>
        {
            redaction.SetFallbackRedactor<ErasingRedactor>();
            redaction.SetRedactor<ErasingRedactor>(PolicyTaxonomy.IdentityData, PolicyTaxonomy.SecurityData, PolicyTaxonomy.MessageContent);
            if (serviceDataKey is null)
                redaction.SetRedactor<ErasingRedactor>(PolicyTaxonomy.ServiceData);
            else
                redaction.SetRedactor<KeyedHashRedactor>(PolicyTaxonomy.ServiceData);
        });
    }
}

/// <summary>The key of service data in logs. A type of its own, because the redactors are made by the container.</summary>
internal sealed class ServiceDataKey
{
    private const int LeastBytes = 16;

    public ServiceDataKey(byte[] key)
    {
        if (key.Length < LeastBytes)
            throw new ArgumentException("The key is too short.", nameof(key));
        Bytes = (byte[])key.Clone();
    }

    public byte[] Bytes { get; }
}

/// <summary>Replaces a value by sixteen hexadecimal digits of its keyed hash.</summary>
internal sealed class KeyedHashRedactor(ServiceDataKey key) : Redactor
{
    private const int Digits = 16;

    /// <inheritdoc />
    public override int GetRedactedLength(ReadOnlySpan<char> input) => input.IsEmpty ? 0 : Digits;

    /// <inheritdoc />
    public override int Redact(ReadOnlySpan<char> source, Span<char> destination)
    {
        if (source.IsEmpty)
            return 0;
        var bytes = new byte[Encoding.UTF8.GetByteCount(source)];
        Encoding.UTF8.GetBytes(source, bytes);
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(key.Bytes, bytes, hash);
        _ = Convert.TryToHexStringLower(hash[..(Digits / 2)], destination, out var written);
        return written;
    }
}

using System.Globalization;
using System.Security.Cryptography;
using WpAsis.AppHost.Native.Ports;
using WpAsis.AppHost.Native.Servers;

namespace WpAsis.AppHost.Native.Configuration;

/// <summary>Values of Topology's parameters: the sandbox's, or the operator's from the environment.</summary>
public sealed class ParameterValues
{
    private readonly IReadOnlyDictionary<string, string> _values;

    private ParameterValues(IReadOnlyDictionary<string, string> values) => _values = values;

    /// <summary>Value of a parameter.</summary>
    public string this[Parameter parameter] => _values[parameter.Name];

    /// <summary>Everything points at the sandbox.</summary>
    public static ParameterValues OfSandbox(PortBlock ports, LocalSecrets secrets)
    {
        var sandbox = PortBlock.Url(ports.Sandbox);
        return new(
            new Dictionary<string, string>(StringComparer.Ordinal)
            {
                [Parameters.WhatsAppAppSecret.Name] = secrets.Get("whatsapp-app-secret"),
                [Parameters.WhatsAppVerifyToken.Name] = secrets.Get("whatsapp-verify-token"),
                [Parameters.WhatsAppGraphUrl.Name] = $"{sandbox}/graph/v26.0",
                [Parameters.ModelProvider.Name] = "openai",
                [Parameters.ModelEndpoint.Name] = $"{sandbox}/openai/v1",
                [Parameters.ModelKey.Name] = "sandbox",
                [Parameters.ModelName.Name] = "gpt-5-mini",
                [Parameters.StripeKey.Name] = secrets.Get("stripe-key", () => "sk_test_" + Hex()),
                [Parameters.StripeWebhookSecret.Name] = secrets.Get("stripe-webhook-secret", () => "whsec_" + Hex()),
                [Parameters.StripeUrl.Name] = PortBlock.Url(ports.Stripe),
                [Parameters.MailHost.Name] = "localhost",
                [Parameters.MailPort.Name] = ports.MailRelay.ToString(CultureInfo.InvariantCulture),
                [Parameters.MailUser.Name] = "sandbox",
                [Parameters.MailPassword.Name] = secrets.Get("mail-password"),
            }
        );
    }

    /// <summary>As Aspire reads them: <c>Parameters__whatsapp-app-secret</c>, or with underscores where a shell forbids dashes.</summary>
    /// <exception cref="NativeFailedException">Some are missing; the message lists them all.</exception>
    public static ParameterValues OfEnvironment()
    {
        var needed = Topology
            .Services.SelectMany(service => service.Parameters)
            .DistinctBy(parameter => parameter.Name, StringComparer.Ordinal)
            .ToList();
        var found = needed.ToDictionary(parameter => parameter.Name, parameter => Read(parameter.Name), StringComparer.Ordinal);
        var missing = needed.Where(parameter => string.IsNullOrEmpty(found[parameter.Name])).ToList();
        if (missing.Count == 0)
            return new(found.ToDictionary(pair => pair.Key, pair => pair.Value!, StringComparer.Ordinal));

        var lines = missing.Select(parameter => $"  Parameters__{parameter.Name.Replace('-', '_')}\n      {parameter.Description}");
        throw new NativeFailedException("Without the sandbox the real providers are needed. Not set:\n" + string.Join('\n', lines));
    }

    private static string? Read(string name) =>
        Environment.GetEnvironmentVariable($"Parameters__{name}")
        ?? Environment.GetEnvironmentVariable($"Parameters__{name.Replace('-', '_')}");

    private static string Hex() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24));
}

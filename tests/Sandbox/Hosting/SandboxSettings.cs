using System.Security.Cryptography.X509Certificates;

namespace WpAsis.Sandbox.Hosting;

/// <summary>What the environment says (<c>Sandbox__…</c>). Everything else is memory.</summary>
internal sealed class SandboxSettings
{
    /// <summary>One per gateway replica; webhooks go to them in turn.</summary>
    public List<string> WebhookUrls { get; set; } = [];

    public string AppSecret { get; set; } = "";

    public string VerifyToken { get; set; } = "";

    /// <summary>Zero: no mail relay.</summary>
    public int SmtpPort { get; set; }

    /// <summary>Path of <c>run.json</c>. Read when it is needed: the sandbox starts before it is written.</summary>
    public string? RunFile { get; set; }

    public List<NumberSettings> Numbers { get; set; } = [];

    /// <summary>The certificate that Kestrel uses; the mail relay shows the same one.</summary>
    public static X509Certificate2 Certificate(IConfiguration configuration)
    {
        var section = configuration.GetSection("Kestrel:Certificates:Default");
        return X509Certificate2.CreateFromPemFile(
            section["Path"] ?? throw new InvalidOperationException("Kestrel__Certificates__Default__Path is missing."),
            section["KeyPath"]
        );
    }
}

/// <summary>A business number that the Graph API knows from the start; others are registered by the control API.</summary>
internal sealed class NumberSettings
{
    public string PhoneNumberId { get; set; } = "";

    public string WabaId { get; set; } = "";

    public string DisplayPhoneNumber { get; set; } = "";

    public string AccessToken { get; set; } = "";

    public string VerifiedName { get; set; } = "";
}

#if SETUP
// Setup compiles this file too: under a name of its own, or whoever sees both programs could not name either.
namespace WpAsis.Setup;

#else
namespace WpAsis.AppHost;

#endif

/// <summary>A value an operator supplies. Native reads it from <c>Parameters__name</c> as Aspire does.</summary>
/// <param name="Name">Aspire parameter name.</param>
/// <param name="Variable">Environment variable of the service that receives it.</param>
/// <param name="Description">What it is and where one finds it.</param>
/// <param name="Secret">Never printed, never published in clear.</param>
public sealed record Parameter(string Name, string Variable, string Description, bool Secret = true);

/// <summary>All parameters, in one place so that two services can share one.</summary>
public static class Parameters
{
    /// <summary>Signs webhooks; one per Meta app.</summary>
    public static readonly Parameter WhatsAppAppSecret = new(
        "whatsapp-app-secret",
        "WhatsApp__AppSecrets__0",
        "App secret of the Meta app (App dashboard, Settings, Basic). Signs every webhook."
    );

    /// <summary>Answers Meta's verification request.</summary>
    public static readonly Parameter WhatsAppVerifyToken = new(
        "whatsapp-verify-token",
        "WhatsApp__VerifyToken",
        "Verify token entered beside the webhook URL in the Meta app."
    );

    /// <summary>Base address of the Graph API, version included.</summary>
    public static readonly Parameter WhatsAppGraphUrl = new(
        "whatsapp-graph-url",
        "WhatsApp__GraphUrl",
        "Base address of Meta's Graph API with its version, for example https://graph.facebook.com/v26.0.",
        Secret: false
    );

    /// <summary><c>openai</c> or <c>azure-openai</c>.</summary>
    public static readonly Parameter ModelProvider = new("model-provider", "Model__Provider", "openai or azure-openai.", Secret: false);

    /// <summary>Base address of the model endpoint.</summary>
    public static readonly Parameter ModelEndpoint = new(
        "model-endpoint",
        "Model__Endpoint",
        "Base address of the OpenAI or Azure OpenAI endpoint, for example https://api.openai.com/v1.",
        Secret: false
    );

    /// <summary>API key of the model provider.</summary>
    public static readonly Parameter ModelKey = new("model-key", "Model__ApiKey", "API key of the model provider.");

    /// <summary>Model or deployment name.</summary>
    public static readonly Parameter ModelName = new(
        "model-name",
        "Model__Name",
        "Chat model (OpenAI) or deployment (Azure OpenAI).",
        Secret: false
    );

    /// <summary>Stripe's secret key.</summary>
    public static readonly Parameter StripeKey = new("stripe-key", "Stripe__ApiKey", "Secret key of the Stripe account.");

    /// <summary>Secret of Stripe's webhook endpoint.</summary>
    public static readonly Parameter StripeWebhookSecret = new(
        "stripe-webhook-secret",
        "Stripe__WebhookSecrets__0",
        "Signing secret of the Stripe webhook endpoint."
    );

    /// <summary>Stripe's host.</summary>
    public static readonly Parameter StripeUrl = new(
        "stripe-url",
        "Stripe__Url",
        "Stripe's address: https://api.stripe.com.",
        Secret: false
    );

    /// <summary>Mail relay.</summary>
    public static readonly Parameter MailHost = new("mail-host", "Mail__Host", "Host of the mail relay.", Secret: false);

    /// <summary>Mail relay's port; TLS from the first byte.</summary>
    public static readonly Parameter MailPort = new(
        "mail-port",
        "Mail__Port",
        "Port of the mail relay, TLS from the first byte (usually 465).",
        Secret: false
    );

    /// <summary>Mail relay's user.</summary>
    public static readonly Parameter MailUser = new("mail-user", "Mail__User", "User at the mail relay.", Secret: false);

    /// <summary>Mail relay's password.</summary>
    public static readonly Parameter MailPassword = new("mail-password", "Mail__Password", "Password at the mail relay.");
}

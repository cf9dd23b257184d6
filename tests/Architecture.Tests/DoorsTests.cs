namespace WpAsis.Architecture.Tests;

/// <summary>Two lists that a reviewer can read: who may come in without a token, and who may open what was said.</summary>
public sealed class DoorsTests
{
    private static readonly Dictionary<string, string> AnonymousEndpoints = new(StringComparer.Ordinal)
    {
        ["ServiceDefaults/Clock/MoveClock.cs"] = "Development only, management port only",
        ["ServiceDefaults/Management/HealthEndpoints.cs"] = "management port; says healthy or not",
        ["services/shared/Web/Localization/Languages.cs"] = "sets a language cookie",
        ["services/shared/Web/WebExtensions.cs"] = "style sheets and the mark",
        ["services/Console/Pages/PagesExtensions.cs"] = "the welcome page, and the page that says what went wrong",
        ["services/Console/SignIn/Endpoints.cs"] = "the way to identity and back",
        ["services/MessagingGateway/Webhooks/Endpoints.cs"] = "Meta; the signature over the raw bytes is the proof",
        ["services/MessagingGateway/Webhooks/VerifyWebhook.cs"] = "Meta; the verify token is the proof",
        ["services/DataSubjectRequest/Pages/Endpoints.cs"] = "WhatsApp users have no account; a code from their own WhatsApp is the proof",
        ["services/Billing/Stripe/ReceiveStripeWebhook.cs"] = "Stripe; the signature over the raw bytes is the proof",
        ["services/Identity/Accounts/ConfirmEmail.cs"] = "the token of the mail is the proof",
        ["services/Identity/Accounts/RegisterAccount.cs"] = "a person without an account; the same answer for everybody",
        ["services/Identity/Pages/Endpoints.cs"] = "sign-up, sign-in, confirmation",
        ["services/Identity/Tokens/Authorize.cs"] = "sends a person without a session to sign-in",
        ["services/Identity/Tokens/EndSession.cs"] = "ends what the browser's own cookie names",
        ["services/Identity/Tokens/ExchangeToken.cs"] = "clients prove themselves in the request",
    };

    private static readonly Dictionary<string, string> ContentOpeners = new(StringComparer.Ordinal)
    {
        ["services/MessagingGateway/Replies/OpenReply.cs"] = "opens an answer for the one call that sends it",
        ["services/MessagingGateway/Webhooks/ClaimIntake.cs"] = "opens a raw body to split it",
        ["services/MessagingGateway/Operators/ReplayQuarantine.cs"] = "opens what was put aside to seal it anew and take it in again",
        ["services/AiResponder/Replies/ContentReader.cs"] =
            "opens what a turn answers, and its memory, for the model call; and the open window for a person who takes over, written down",
    };

    [Fact]
    public void Every_open_door_is_on_the_list_with_a_reason() =>
        FilesWith("AllowAnonymous").ShouldBe(AnonymousEndpoints.Keys, ignoreOrder: true);

    [Fact]
    public void Every_file_that_opens_content_is_on_the_list_with_a_reason() =>
        FilesWith(".TryOpen(")
            .Concat(FilesWith(".TryOpenRaw("))
            .Distinct(StringComparer.Ordinal)
            .ShouldBe(ContentOpeners.Keys, ignoreOrder: true);

    private static IEnumerable<string> FilesWith(string text) =>
        Repository.Product.Where(file => file.Text.Contains(text, StringComparison.Ordinal)).Select(file => file.Path);
}

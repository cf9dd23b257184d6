using Microsoft.AspNetCore.Http.HttpResults;
using WpAsis.ServiceDefaults.Http;

namespace WpAsis.Billing.Stripe;

/// <summary>Stripe did not answer, or answered that it can't now. Whether the call had its effect is not known.</summary>
/// <param name="keepsError">
/// Stripe keeps this error under the call's idempotency key: the same key would get it again for a day.
/// </param>
/// <param name="inner">What happened.</param>
internal sealed class StripeAwayException(bool keepsError, Exception inner) : Exception("Stripe is away.", inner)
{
    public bool KeepsError { get; } = keepsError;
}

/// <summary>Endpoints that ask Stripe say so when it is away.</summary>
internal static class StripeAway
{
    private const string RetryAfterSeconds = "5";

    public static RouteHandlerBuilder AnswersWhenStripeIsAway(this RouteHandlerBuilder endpoint) =>
        endpoint.AddEndpointFilter(
            async (context, next) =>
            {
                try
                {
                    return await next(context);
                }
                catch (StripeAwayException)
                {
                    context.HttpContext.Response.Headers.RetryAfter = RetryAfterSeconds;
                    return Answer();
                }
            }
        );

    private static ProblemHttpResult Answer() =>
        Problems.Of(StatusCodes.Status503ServiceUnavailable, "stripe-unavailable", "The payment provider does not answer right now.");
}

/// <summary>Stripe understood and refused: the thing has ended, or does not exist.</summary>
/// <param name="otherParameters">The key was used before with other parameters.</param>
/// <param name="inner">What it said.</param>
internal sealed class StripeRefusedException(bool otherParameters, Exception inner) : Exception("Stripe refused.", inner)
{
    public bool OtherParameters { get; } = otherParameters;
}

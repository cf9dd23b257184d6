using Microsoft.AspNetCore.Builder;

namespace WpAsis.Web.Security;

/// <summary>
/// Headers of every page: nothing is loaded from elsewhere, nothing is framed, nothing is cached that holds a person's data.
/// </summary>
internal static class PageHeaders
{
    public static HeaderPolicyCollection Policy(string[] formTargets) =>
        new HeaderPolicyCollection()
            .AddFrameOptionsDeny()
            .AddContentTypeOptionsNoSniff()
            .AddReferrerPolicyStrictOriginWhenCrossOrigin()
            .AddCrossOriginOpenerPolicy(builder => builder.SameOrigin())
            .AddCrossOriginResourcePolicy(builder => builder.SameOrigin())
            .AddStrictTransportSecurityMaxAgeIncludeSubDomains()
            .AddPermissionsPolicy(permissions =>
            {
                permissions.AddCamera().None();
                permissions.AddMicrophone().None();
                permissions.AddGeolocation().None();
            })
            .AddContentSecurityPolicy(csp =>
            {
                csp.AddDefaultSrc().None();
                csp.AddStyleSrc().Self();
                csp.AddScriptSrc().Self();
                csp.AddImgSrc().Self();
                csp.AddFontSrc().Self();
                csp.AddConnectSrc().Self();
                csp.AddBaseUri().None();
                csp.AddFrameAncestors().None();
                csp.AddFormAction().Self().From(formTargets);
            })
            .RemoveServerHeader();
}

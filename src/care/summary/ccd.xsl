<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: Apache-2.0 -->
<!-- Shows a C-CDA document in a browser as a page: who it is about, contents, and each section with its table.  No script, nothing
     loaded from elsewhere, readable on a phone, on paper and by a screen reader.  Words of its own are in English or Spanish, as the
     document's languageCode says. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform" xmlns:n="urn:hl7-org:v3"
  xmlns="http://www.w3.org/1999/xhtml" exclude-result-prefixes="n">
<xsl:output method="html" encoding="UTF-8" indent="no" doctype-system="about:legacy-compat"/>
<xsl:strip-space elements="n:table n:thead n:tbody n:tr n:list"/>

<xsl:variable name="lang" select="substring(/n:ClinicalDocument/n:languageCode/@code, 1, 2)"/>

<!-- English, then Spanish -->
<xsl:template name="say">
  <xsl:param name="en"/>
  <xsl:param name="es"/>
  <xsl:choose>
    <xsl:when test="$lang = 'es'"><xsl:value-of select="$es"/></xsl:when>
    <xsl:otherwise><xsl:value-of select="$en"/></xsl:otherwise>
  </xsl:choose>
</xsl:template>

<xsl:template match="/n:ClinicalDocument">
  <html lang="{$lang}">
    <head>
      <meta charset="utf-8"/>
      <meta name="viewport" content="width=device-width, initial-scale=1"/>
      <title><xsl:value-of select="n:title"/>: <xsl:call-template name="name"><xsl:with-param name="of" select="n:recordTarget/n:patientRole/n:patient/n:name[1]"/></xsl:call-template></title>
      <style>
        :root { color-scheme: light dark; --line: #6b7280; --soft: #eef2f7; --link: #0b4f91; }
        @media (prefers-color-scheme: dark) { :root { --line: #9ca3af; --soft: #1f2937; --link: #9ecbff; } }
        body { font: 1.0625rem/1.5 system-ui, sans-serif; max-width: 60rem; margin: 0 auto; padding: 1rem; overflow-wrap: break-word; }
        h1 { font-size: 1.75rem; line-height: 1.2; margin: 0.5rem 0; }
        h2 { font-size: 1.375rem; margin: 2rem 0 0.5rem; border-bottom: 2px solid var(--line); padding-bottom: 0.25rem; }
        a { color: var(--link); }
        dl { display: grid; grid-template-columns: max-content 1fr; gap: 0.25rem 1rem; margin: 0; }
        dt { font-weight: 600; } dd { margin: 0; }
        nav ul { columns: 18rem; padding-left: 1.25rem; } nav li a { display: inline-block; padding: 0.375rem 0; }
        table { border-collapse: collapse; width: 100%; margin: 0.5rem 0; }
        th, td { border: 1px solid var(--line); padding: 0.375rem 0.5rem; text-align: start; vertical-align: top; }
        thead th { background: var(--soft); } tbody th { font-weight: 600; }
        footer { margin-top: 2rem; border-top: 1px solid var(--line); padding-top: 0.5rem; }
        @media (max-width: 48rem) {
          dl { display: block; } dd { margin-bottom: 0.5rem; }
          table, tbody, tr, th, td { display: block; width: auto; } thead { display: none; }
          tr { border: 1px solid var(--line); border-radius: 0.25rem; padding: 0.5rem; margin-bottom: 0.75rem; }
          th, td { border: 0; padding: 0.125rem 0; } td[data-label]::before { content: attr(data-label) ": "; font-weight: 600; }
          td:empty { display: none; }
        }
        @media print { body { max-width: none; padding: 0; font-size: 11pt; } nav { display: none; } thead { display: table-header-group; } tr { break-inside: avoid; } }
      </style>
    </head>
    <body>
      <header>
        <h1><xsl:value-of select="n:title"/></h1>
        <xsl:apply-templates select="n:recordTarget/n:patientRole"/>
      </header>
      <nav>
        <xsl:attribute name="aria-label"><xsl:call-template name="contents"/></xsl:attribute>
        <h2><xsl:call-template name="contents"/></h2>
        <ul>
          <xsl:for-each select="n:component/n:structuredBody/n:component/n:section">
            <li><a href="#section-{position()}"><xsl:value-of select="n:title"/></a></li>
          </xsl:for-each>
        </ul>
      </nav>
      <main>
        <xsl:for-each select="n:component/n:structuredBody/n:component/n:section">
          <section id="section-{position()}" aria-labelledby="title-{position()}">
            <h2 id="title-{position()}"><xsl:value-of select="n:title"/></h2>
            <xsl:apply-templates select="n:text"/>
          </section>
        </xsl:for-each>
      </main>
      <footer>
        <p><xsl:call-template name="say"><xsl:with-param name="en">Made on </xsl:with-param><xsl:with-param name="es">Hecho el </xsl:with-param></xsl:call-template><xsl:call-template name="date"><xsl:with-param name="value" select="n:effectiveTime/@value"/></xsl:call-template>. <xsl:call-template name="say"><xsl:with-param name="en">Kept by </xsl:with-param><xsl:with-param name="es">Guardado por </xsl:with-param></xsl:call-template><xsl:value-of select="n:custodian/n:assignedCustodian/n:representedCustodianOrganization/n:name"/>.</p>
      </footer>
    </body>
  </html>
</xsl:template>

<xsl:template name="contents">
  <xsl:call-template name="say"><xsl:with-param name="en">Contents</xsl:with-param><xsl:with-param name="es">Contenido</xsl:with-param></xsl:call-template>
</xsl:template>

<!-- ==== who it is about ==== -->

<xsl:template match="n:patientRole">
  <dl>
    <dt><xsl:call-template name="say"><xsl:with-param name="en">Name</xsl:with-param><xsl:with-param name="es">Nombre</xsl:with-param></xsl:call-template></dt>
    <dd><xsl:call-template name="name"><xsl:with-param name="of" select="n:patient/n:name[1]"/></xsl:call-template></dd>
    <xsl:if test="n:patient/n:birthTime/@value">
      <dt><xsl:call-template name="say"><xsl:with-param name="en">Date of birth</xsl:with-param><xsl:with-param name="es">Fecha de nacimiento</xsl:with-param></xsl:call-template></dt>
      <dd><xsl:call-template name="date"><xsl:with-param name="value" select="n:patient/n:birthTime/@value"/></xsl:call-template></dd>
    </xsl:if>
    <xsl:if test="n:patient/n:administrativeGenderCode/@code">
      <dt><xsl:call-template name="say"><xsl:with-param name="en">Sex</xsl:with-param><xsl:with-param name="es">Sexo</xsl:with-param></xsl:call-template></dt>
      <dd>
        <xsl:choose>
          <xsl:when test="n:patient/n:administrativeGenderCode/@code = 'F'"><xsl:call-template name="say"><xsl:with-param name="en">female</xsl:with-param><xsl:with-param name="es">femenino</xsl:with-param></xsl:call-template></xsl:when>
          <xsl:when test="n:patient/n:administrativeGenderCode/@code = 'M'"><xsl:call-template name="say"><xsl:with-param name="en">male</xsl:with-param><xsl:with-param name="es">masculino</xsl:with-param></xsl:call-template></xsl:when>
          <xsl:otherwise><xsl:call-template name="say"><xsl:with-param name="en">other</xsl:with-param><xsl:with-param name="es">otro</xsl:with-param></xsl:call-template></xsl:otherwise>
        </xsl:choose>
      </dd>
    </xsl:if>
    <xsl:for-each select="n:addr[n:city[not(@nullFlavor)]][1]">
      <dt><xsl:call-template name="say"><xsl:with-param name="en">Address</xsl:with-param><xsl:with-param name="es">Dirección</xsl:with-param></xsl:call-template></dt>
      <dd><xsl:for-each select="*[normalize-space()]"><xsl:if test="position() != 1">, </xsl:if><xsl:value-of select="."/></xsl:for-each></dd>
    </xsl:for-each>
    <xsl:for-each select="n:telecom[@value][1]">
      <dt><xsl:call-template name="say"><xsl:with-param name="en">Phone or e-mail</xsl:with-param><xsl:with-param name="es">Teléfono o correo</xsl:with-param></xsl:call-template></dt>
      <dd><xsl:value-of select="substring-after(@value, ':')"/></dd>
    </xsl:for-each>
  </dl>
</xsl:template>

<xsl:template name="name">
  <xsl:param name="of"/>
  <xsl:for-each select="$of/*[normalize-space()] | $of[not(*)]/text()">
    <xsl:if test="position() != 1"><xsl:text> </xsl:text></xsl:if>
    <xsl:value-of select="normalize-space()"/>
  </xsl:for-each>
</xsl:template>

<!-- 20260305… as "5 March 2026" -->
<xsl:template name="date">
  <xsl:param name="value"/>
  <xsl:variable name="month" select="number(substring($value, 5, 2))"/>
  <xsl:variable name="day" select="number(substring($value, 7, 2))"/>
  <xsl:variable name="of"><xsl:if test="$lang = 'es'">de </xsl:if></xsl:variable>
  <xsl:if test="$day &gt; 0"><xsl:value-of select="concat($day, ' ', $of)"/></xsl:if>
  <xsl:if test="$month &gt; 0">
    <xsl:variable name="names">
      <xsl:call-template name="say">
        <xsl:with-param name="en">January   February  March     April     May       June      July      August    September October   November  December  </xsl:with-param>
        <xsl:with-param name="es">enero     febrero   marzo     abril     mayo      junio     julio     agosto    septiembreoctubre   noviembre diciembre </xsl:with-param>
      </xsl:call-template>
    </xsl:variable>
    <xsl:value-of select="concat(normalize-space(substring($names, ($month - 1) * 10 + 1, 10)), ' ', $of)"/>
  </xsl:if>
  <xsl:value-of select="substring($value, 1, 4)"/>
</xsl:template>

<!-- ==== what the sections say: CDA's narrative block ==== -->

<xsl:template match="n:text"><xsl:apply-templates/></xsl:template>
<xsl:template match="n:paragraph"><p><xsl:apply-templates select="@ID"/><xsl:apply-templates/></p></xsl:template>
<xsl:template match="n:td//n:paragraph"><div><xsl:apply-templates select="@ID"/><xsl:apply-templates/></div></xsl:template>
<xsl:template match="n:br"><br/></xsl:template>
<xsl:template match="n:content"><span><xsl:apply-templates select="@ID"/><xsl:apply-templates/></span></xsl:template>
<xsl:template match="n:list[@listType = 'ordered']"><ol><xsl:apply-templates select="n:item"/></ol></xsl:template>
<xsl:template match="n:list"><ul><xsl:apply-templates select="n:item"/></ul></xsl:template>
<xsl:template match="n:item"><li><xsl:apply-templates/></li></xsl:template>
<xsl:template match="n:caption"><strong><xsl:apply-templates/></strong></xsl:template>
<xsl:template match="n:sub"><sub><xsl:apply-templates/></sub></xsl:template>
<xsl:template match="n:sup"><sup><xsl:apply-templates/></sup></xsl:template>
<xsl:template match="n:linkHtml">
  <xsl:choose>
    <xsl:when test="starts-with(@href, 'https:') or starts-with(@href, '#')"><a href="{@href}"><xsl:apply-templates/></a></xsl:when>
    <xsl:otherwise><xsl:apply-templates/></xsl:otherwise>
  </xsl:choose>
</xsl:template>
<xsl:template match="n:table"><table><xsl:apply-templates select="n:caption | n:thead | n:tbody | n:tr"/></table></xsl:template>
<xsl:template match="n:table/n:caption"><caption><xsl:apply-templates/></caption></xsl:template>
<xsl:template match="n:thead"><thead><xsl:apply-templates select="n:tr"/></thead></xsl:template>
<xsl:template match="n:tbody"><tbody><xsl:apply-templates select="n:tr"/></tbody></xsl:template>
<xsl:template match="n:tr"><tr><xsl:apply-templates select="@ID"/><xsl:apply-templates select="n:th | n:td"/></tr></xsl:template>
<xsl:template match="n:th"><th scope="col"><xsl:apply-templates/></th></xsl:template>
<xsl:template match="n:tbody/n:tr/n:th"><th scope="row"><xsl:apply-templates/></th></xsl:template>
<!-- the first cell names its row; the others carry their heading, for narrow screens -->
<xsl:template match="n:tbody/n:tr/n:td[1]"><th scope="row"><xsl:apply-templates select="@ID"/><xsl:apply-templates/></th></xsl:template>
<xsl:template match="n:td">
  <xsl:variable name="column" select="count(preceding-sibling::n:td | preceding-sibling::n:th) + 1"/>
  <td>
    <xsl:if test="ancestor::n:table[1]/n:thead/n:tr[last()]/n:th[$column]">
      <xsl:attribute name="data-label"><xsl:value-of select="normalize-space(ancestor::n:table[1]/n:thead/n:tr[last()]/n:th[$column])"/></xsl:attribute>
    </xsl:if>
    <xsl:apply-templates select="@ID"/>
    <xsl:apply-templates/>
  </td>
</xsl:template>
<xsl:template match="@ID"><xsl:attribute name="id"><xsl:value-of select="."/></xsl:attribute></xsl:template>
</xsl:stylesheet>

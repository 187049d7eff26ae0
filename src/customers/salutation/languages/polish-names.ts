import { endingIn, formsIn, namesIn } from '../names.ts';

// Given names whose gender in Polish does not follow from their ending. All are in lowercase.

/** Names that both men and women have, in Poland or where the name comes from. */
export const epicene = namesIn(`
  adair ainsley aleks aleksis alex alexis andrea angel arden ariel arlen ashley ashton avery bailey beckett blair
  blake brook cameron camille carol carter casey charlie chris claude corey dakota dallas dana daniele darcy darian
  deniz denver derya devon dominique dorsey drew dylan eden eike elia ellery ellis ellison emanuele emerson emery
  evelyn finley francis gabriele gale garnet gillian glenn greer harper haven hayden hilary hinata holland hollis
  hunter ira isa jackie jaden jamie jayden jaylen jean jensen jess jillian jo jocelyn jodie jordan joss kai kaj kamdyn
  kamryn karsyn kay keaton keegan kelly kelsey kendall kerry kersten kim kimberly kingsley kiran kit kris landon lane
  larkin laurence lee leigh lennon lennox lesley leslie lilian lillian linden lindsay linh lior logan london lou
  madison marin marion marjan marlow maxime mckenzie meredith merle merritt michele mika minh monroe morgan nicola
  nikita nikola noa noah noam noel nur oakley ocean onyx or palmer paris parker pat paxton payton perry peyton presley
  quinn ramsay raven reagan reese regan remy rene riley river robbie robin ronnie rory rowan rowen ryan saba sacha
  sage salem sam samuele sandy sanja sasa sascha sasha sasza saszka sawa saša shannon shawn shay shelby shiloh shura
  sidney simone skyler slava slawa sloan sloane spencer stacey stacy stef sterling stevie storm sutton sydney szura
  tal tanner tatum taylor teagan terry toma toni tony tracy tristen tyler umut val vali valia valya vania vanja vanya
  vivian walia wania winter wiwian wren yuki yuval zenia zephyr zhenia zhenya zion żenia`);

/** Names of men that end like names of women. */
export const masculineInA = namesIn(`
  aditya akira aljosza alosza alyosha andrija attila baraka barnaba batista battista bonawentura borja danya demba
  dima dobrynia dyzma elisha emeka enea ezra fedia fedya gena gianluca giena gosza grisha grisza hamza ibrahima ilia
  ilija ilja illia illya ilya issa jarema jehuda jeremia jitendra joshua jozua juda jura kenta kolia kolya kosma kosta
  kostia kuba kuzma kuźma losza lowa luca luka łuka mahendra matija mattia micah misha misza mitia mitya musa mustafa
  mykola mykoła mykyta narendra nehemia nemanja osama pasha pasza petia petya raja rajendra rama reza ryota samba
  savva seba shota siniša sioma sota stiopa surendra surya taha talha tioma tolia tolya usama vasya vova wasia wołodia
  wowa yahya yasha yura yuta zakaria zawisza`);

/** Polish names of men, and foreign ones that are inflected in Polish. */
export const masculine = namesIn(`
  achilles adam adrian alan albert aleksander aleksandr aleksy alfons alfred alojzy ambroży anatol andrii andrij
  andrzej anton antoni arkady armin arnold artem artiom artur august bartłomiej bazyli benedykt beniamin benon bernard
  błażej bogdan bohdan bolesław bonifacy borys bruno brunon cezary cyprian cyryl czesław damian daniel danylo danyło
  dawid demian denis dionizy dmitrij dmytro dominik donald dorian dymitr edgar edmund edward edwin emanuel emil ernest
  eustachy fabian felicjan feliks felix ferdynand filip florian fryderyk gabriel gerard gerwazy gniewko gracjan
  grzegorz grześ gustaw gwidon hektor herbert hieronim hipolit hlib horacy hubert hugo ignacy igor ihor ivan iwan iwo
  izydor jacenty jakub jan jarosław jaś jeremi jerzy jewhen jędrzej joachim job jonatan józef julian jurand jurij
  justyn kacper kajetan kalikst kamil karol kasjan kasper kir klemens konrad konstanty konstantyn kordian kornel
  krystian krystyn krzysztof krzyś ksawery kurt lech leo leon leonard leopold lesław leszko lew longin lot lucjan
  maciej makary maks maksim maksym maksymilian marcel marceli marcin marian mateusz maurycy max michal michał mieszko
  mikołaj miron modest mychajło mykhailo napoleon narcyz natan nazar nestor nikodem norbert olaf oleg oleksandr
  oleksii oleksij olgierd oliver oliwer oliwier onufry oskar ostap otto pankracy pavlo pawel paweł pawło petro piotr
  prot protazy rafal rafał rajmund remigiusz renat robert roch roger roland roman romeo romuald rudolf ruslan rusłan
  sebastian sem semen sergi sergiej serhii serhij seweryn simon stach stanisław stasio staś stefan stepan sylwester
  szczepan szczęsny szymon taras teodor teofil tomasz tristan tycjan tymon tytus urban vadim vadym viktor vincent
  vitalii vladimir volodymyr wadim wadym walenty walery walter wawrzyniec wiaczesław wiktor wilhelm wincenty wit
  witalij witalis witold włodzimierz wołodymyr yurii zbyszko zenobiusz zenon zygmunt`);

/** Foreign names of men that stay as they are in Polish. */
export const foreignMasculine = namesIn(`
  ahmad ahmed ahmet ali andrew anthony antonio ben benjamin bill bob brad brandon brian bruce carlos charles
  christopher craig daisuke david diego douglas eric ethan fabio fernando francesco francisco frank françois fred gary
  george giovanni giuseppe graham greg günter harry henry hiroshi jack jacob jacques james jason jeff jeffrey jeremy
  jerry jim joe john johnny jonathan jorge jose joseph josh josé juan justin jürgen keith kenneth kevin larry laurent
  lorenzo luigi luis marco mario matteo matthew mehmet michael miguel mike mohamed mohammed muhammad nathan nicholas
  nick oscar pablo patrick pedro peter phil philip philippe pierre raj ricardo richard roberto rodrigo santiago scott
  sean sergio stephen steve steven thomas tim timothy tom victor wayne william xavier yusuf zachary`);

/** Names of women that do not end in -a. */
export const feminine = namesIn(`
  abigail adel adele agnes aigul ajgul alice aline alison allison amber amelie amy anaïs annabel anne annemarie anouk
  april arlet assol astrid astryd audrey autumn beatrice beatriz beatrycze belen bess beth betty birgit bridget
  brigitte caitlin carmen caroline carolyn catherine catrin cecile celeste charlotte cheryl chloe christel christin
  christine cindy claire colette colleen consuelo courtney crystal dafne dagmar daphne dawn deborah denise diane
  dolores doris dorothy edith elaine eleanor elin elisabet elisabeth elizabeth ellen elodie elsbeth emily erin
  ermengard esin esme esperance estelle ester esther ethel eunice eve evelin ewelin faith fern fleur florence gail
  genevieve gerd gerlind gertrud ginger gizel grace gretchen gudrun gulnar gwen gwendolyn hailey hannah harriet hazel
  heather heidi helen helene henriette hildegard hope ines inez inge ingeborg ingeburg ingrid irene iris irmgard
  isabel isabelle isobel izabel izis jacqueline jade jane janet janice jasmin jasmine jaśmin jeanette jennifer jenny
  jewel jill joan joanne josephine joy joyce judith julie juliet june justine karen karin karmen karolin kate
  katharine katherine kathleen kathrin kathryn katrin keiko kirsten kristel kristen kristin kristyn lauren leonor
  lilith lisbeth liubov ljubow lois lorraine louise lourdes lubov lubow lucie lucy ludgard luz lyn lynn lyubov mabel
  madeleine madlen mandy manon maren margaret margaux margit margot mariam marianne maribel marie marilyn marisol
  marit marlen marlene marlin martine mary maryam maud maureen megan meghan melanie mercedes meryem michelle michiko
  mildred mirabel miriam mirjam molly monique montserrat muriel nadine nancy naomi natalie nathalie nel nicole nikol
  ninel noemi noriko odette olive patrice paulette pauline pearl peggy penelope phyllis pilar rachel rachil rahel
  raquel renate rosalin rosalind rosamund rosario rose rosemary rut ruth sabine sally salome sarah selin sharon sheila
  shirley sibyl siegelind sieglind sigrid siobhan solange soledad solveig sophie stephanie sue susan susanne suzanne
  sybil sylvie tamar tess tiffany tove trude ursel valerie veronique violet virginie vivien winifred yasmin yoko
  yvette yvonne zeynep zoe`);

/** Endings of names of men. Most are the second parts of Slavic and Germanic names. */
export const masculineEnding = endingIn(`
  sław slaw mir mierz mił mysł gniew bor rad woj wój gost ciech wit usz asz osz isz esz ek yk ik bert brecht ald
  old ołd ard mund fryd helm ian jan styn ntyn weryn`);

/** Vocatives that no rule yields, and those of names that are often typed without Polish letters. */
export const vocatives = formsIn(`
  anastasia anastasio
  ksenia    ksenio
  xenia     xenio
  ala       alu
  ela       elu
  ola       olu
  ula       ulu
  jola      jolu
  hela      helu
  fela      felu
  mela      melu
  nela      nelu
  lola      lolu
  tola      tolu
  sonja     sonju
  tanja     tanju
  katja     katju
  lew       lwie
  pawel     pawle
  michal    michale
  rafal     rafale
  sylwester sylwestrze`);
